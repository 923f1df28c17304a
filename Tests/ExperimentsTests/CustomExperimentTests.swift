import Experiments
import Networks
import Testing
import Training

@Suite("What signet train starts from")
struct CustomExperimentTests {
  @Test(
    "an architecture begins with the constants of the data set's own experiment",
    arguments: [
      (DataSource.mnist, "32C5-P2-10", Experiment.mnist), (.mnist, "30-10", .mnistPI), (.cifar10, "8C3-10", .cifar10),
      (.cifar100, "8C3-100", .cifar100), (.svhn, "8C3-10", .svhn), (.svhnWithoutExtra, "8C3-10", .svhn),
      (.glyphs, "8C3-10", .digits),
    ])
  func own(data: DataSource, notation: String, expected: Experiment) throws {
    let experiment = Experiment.custom(try Architecture(notation), on: data)
    #expect(experiment.data == data && experiment.batch == expected.batch && experiment.method == expected.method)
    #expect(experiment.augmentation == expected.augmentation)
    #expect(experiment.real.dropout == [0, 0.2] && experiment.discrete.dropout == [0, 0.2])
    var (real, discrete) = (experiment.real, experiment.discrete)
    (real.dropout, discrete.dropout) = (expected.real.dropout, expected.discrete.dropout)
    #expect(real == expected.real && discrete == expected.discrete)
    #expect(experiment.base == experiment)
  }

  @Test("a network with as many layers as the data set's experiment gets its dropout; rows of pixels are not augmented")
  func dropout() {
    let experiment = Experiment.custom("90-80-10", on: .mnist)
    #expect(experiment.real.dropout == [0.2, 0.4, 0.4] && experiment.discrete.dropout == [0.1, 0.2, 0.3])
    #expect(Experiment.custom("90-10", on: .cifar10).augmentation == nil)
  }
}
