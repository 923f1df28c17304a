import Foundation
import Testing
import Training

@Suite("Training: SVHN without its file extra") struct WithoutExtraTests {
  @Test("an experiment without extra has its own name, data and note, and everything else as before")
  func experiment() throws {
    let experiment = try #require(Experiment.svhn.withoutExtra)
    #expect(experiment.name == "svhn-without-extra" && experiment.data == .svhnWithoutExtra)
    #expect(experiment.data.note?.contains("without extra_32x32.mat") == true && Experiment.svhn.data.note == nil)
    #expect(experiment.withoutExtra == experiment)
    #expect(experiment.architecture == Experiment.svhn.architecture && experiment.batch == Experiment.svhn.batch)
    #expect(experiment.real == Experiment.svhn.real && experiment.discrete == Experiment.svhn.discrete)
    #expect(experiment.augmentation == Experiment.svhn.augmentation && experiment.method == Experiment.svhn.method)
    let copy = try JSONDecoder().decode(Experiment.self, from: JSONEncoder().encode(experiment))
    #expect(copy == experiment)
  }

  @Test("experiments on other data sets have no such form", arguments: Experiment.all.filter { $0.data != .svhn })
  func others(experiment: Experiment) {
    #expect(experiment.withoutExtra == nil && experiment.data.note == nil)
  }
}
