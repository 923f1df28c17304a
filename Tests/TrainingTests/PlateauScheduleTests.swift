import Tensors
import TestSupport
import Testing
import Training

@Suite("The plateau schedule")
struct PlateauScheduleTests {
  @Test("the scale after each epoch is the oracle's")
  func golden() throws {
    let cases = try LayerCase.all(of: "plateau")
    for golden in cases {
      var schedule = PlateauSchedule(
        cooldown: Int(try golden.setting("cooldown")), patience: Int(try golden.setting("patience")))
      let scales = try golden.output("scales")
      let errors: Tensor<Double> = try golden.input("errors")
      for (epoch, error) in errors.scalars.enumerated() {
        schedule.record(epoch: epoch, error: error)
        #expect(schedule.scale == scales.scalars[epoch], "\(golden.name), epoch \(epoch)")
      }
      #expect(schedule.scale < 1)
    }
    #expect(cases.count == 4)
  }
}
