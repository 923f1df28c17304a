import TestSupport
import Testing
import Verification
import VerificationSuites

/// Wrong variants of every operation: the goldens must reject each, and name the field that is wrong.
@Suite("Operations: planted faults")
struct PlantedOperationFaultTests {
  @Test("in convolutions", arguments: PlantedFault.convolution)
  func convolution(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in dense layers", arguments: PlantedFault.linear)
  func linear(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in batch normalization", arguments: PlantedFault.normalization)
  func normalization(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in activations", arguments: PlantedFault.activations)
  func activations(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in noise: reparameterization and dropout", arguments: PlantedFault.noise)
  func noise(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in pooling", arguments: PlantedFault.pooling)
  func pooling(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in losses", arguments: PlantedFault.losses)
  func losses(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in Adam", arguments: PlantedFault.optimizer)
  func optimizer(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in the schedule", arguments: PlantedFault.schedule)
  func schedule(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in weight distributions", arguments: PlantedFault.weights)
  func weights(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in initializations", arguments: PlantedFault.initialization)
  func initialization(_ fault: PlantedFault) throws { try expectRejected(fault) }

  @Test("in random initializations and samples", arguments: PlantedFault.sampling)
  func sampling(_ fault: PlantedFault) throws { try expectRejected(fault) }

  private func expectRejected(_ fault: PlantedFault) throws {
    #expect(try fault.soundFailures() == [])
    #expect(try !fault.rejections().isEmpty)
  }
}
