import Exchange
import Networks
import PackedInference
import Testing

// What the files say of their inputs and outputs, and of what they need.

extension ONNXTests {
  /// The lengths of a value's axes; 0 for any number.
  private func lengths(of value: Message) throws -> [UInt64] {
    let tensor = try #require(try value.messages(2).first?.messages(1).first?.messages(2).first)
    return try tensor.messages(1).map { $0.integers(1).first ?? 0 }
  }

  @Test("hidden outputs have the shapes of the signs: of a convolution behind its pooling, of a dense layer its units")
  func hiddenShapes() throws {
    // Of 6×7 pixels 3×3 windows, and of these the only whole one.
    let network = try packed("3C3-P2-4C3-A2-6-10", [.ternary])
    var form = ONNXForm()
    form.hasHiddenOutputs = true
    for (images, bytes) in [
      (0, try network.onnx(form)), (1, try network.qonnx(hasHiddenOutputs: true)),
    ] as [(UInt64, [UInt8])] {
      let outputs = try #require(try Message(bytes).messages(7).first).messages(12)
      #expect(outputs.map { $0.text(1) } == ["layer1.signs", "layer2.signs", "layer3.signs", "scores"])
      #expect(try outputs.map(lengths) == [[images, 3, 3, 3], [images, 4, 1, 1], [images, 6], [images, 10]])
    }
  }

  @Test("the input's description tells the network's largest pixel", arguments: [16, 255])
  func pixels(maximum: Int) throws {
    let packed = try PackedNetwork(network("6-10", .discreteSign, pixelMaximum: maximum), on: .single)
    func about(_ bytes: [UInt8]) throws -> [String] {
      try #require(try Message(bytes).messages(7).first).messages(11).map { $0.text(3) }
    }
    #expect(try about(packed.onnx()) == ["Images, pixels from 0 to \(maximum)."])
    #expect(try about(packed.qonnx()) == ["An image, whole numbers from 0 to \(maximum)."])
  }

  @Test("the operator set and the file format are the least that have the types: 13 in 7, for 2 and 4 bits 25 in 13")
  func operatorSets() throws {
    var form = ONNXForm()
    for (isCompact, format, operators) in [(false, 7, 13), (true, 13, 25)] as [(Bool, UInt64, UInt64)] {
      form.isCompact = isCompact
      let model = try Message(packed("4C3-P2-10", [.ternary]).onnx(form))
      #expect(model.integers(1) == [format])
      #expect(try model.messages(8).map { $0.integers(2) } == [[operators]])
      #expect(form.operatorSet == Int(operators))
    }
  }
}
