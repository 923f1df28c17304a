import Tensors
import Verification
import VerificationSuites

/// The convolution, computed from its formula with a loop for each index.
struct PlainConvolution: PlainOperation {
  /// The kernel element to use at `(ky, kx)`, given the kernel's size.
  typealias Element = @Sendable (_ kernel: Int, _ ky: Int, _ kx: Int) -> (Int, Int)

  static let upright: Element = { ($1, $2) }
  static let flipped: Element = { ($0 - 1 - $1, $0 - 1 - $2) }
  static let turned: Element = { ($2, $1) }

  /// The kernel elements used in the output, the input's gradient and the weights' gradient.
  var element = upright
  var backElement = upright
  var weightElement = upright
  /// The offset of the window in rows and columns, in the output and in the weights' gradient.
  var shift = (rows: 0, columns: 0)
  var weightShift = 0
  /// Whether edges are repeated instead of padded with zeros.
  var repeatsEdges = false
  /// Whether the rows of the weights are ordered `(ky, kx, c)`.
  var channelsInnermost = false
  /// The numbers of terms left out at the ends.
  var missing = (channels: 0, outputs: 0, images: 0)

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let (x, w, dy) = (try golden.given("value"), try golden.given("weights"), try golden.coming("value"))
    let k = Int(try golden.setting("kernel"))
    let p = try golden.setting("padding") == 0 ? 0 : (k - 1) / 2
    let (channels, height, width) = (x.shape[1], x.shape[2], x.shape[3])
    let (outputs, rows, columns) = (dy.shape[1], dy.shape[2], dy.shape[3])
    var (y, dx, dw) = (zeros(dy), zeros(x), zeros(w))

    func weight(_ c: Int, _ o: Int, _ element: (Int, Int)) -> Int {
      let row = channelsInnermost ? (element.0 * k + element.1) * channels + c : (c * k + element.0) * k + element.1
      return row * outputs + o
    }
    /// The index of the pixel, or nil beyond the edges.
    func pixel(_ n: Int, _ c: Int, _ i: Int, _ j: Int, repeated: Bool) -> Int? {
      let inside = (0..<height).contains(i) && (0..<width).contains(j)
      guard inside || repeated else { return nil }
      return ((n * channels + c) * height + min(max(i, 0), height - 1)) * width + min(max(j, 0), width - 1)
    }
    for n in 0..<x.shape[0] {
      for (o, c) in (0..<outputs).flatMap({ o in (0..<channels).map { (o, $0) } }) {
        for (ky, kx) in (0..<k).flatMap({ ky in (0..<k).map { (ky, $0) } }) {
          for (i, j) in (0..<rows).flatMap({ i in (0..<columns).map { (i, $0) } }) {
            let at = ((n * outputs + o) * rows + i) * columns + j
            let (r, s) = (i + ky - p, j + kx - p)
            if c < channels - missing.channels,
              let seen = pixel(n, c, r + shift.rows, s + shift.columns, repeated: repeatsEdges)
            {
              y[at] += w.scalars[weight(c, o, element(k, ky, kx))] * x.scalars[seen]
            }
            if o < outputs - missing.outputs, let seen = pixel(n, c, r, s, repeated: false) {
              dx[seen] += w.scalars[weight(c, o, backElement(k, ky, kx))] * dy.scalars[at]
            }
            if n < x.shape[0] - missing.images, let seen = pixel(n, c, r, s + weightShift, repeated: false) {
              dw[weight(c, o, weightElement(k, ky, kx))] += x.scalars[seen] * dy.scalars[at]
            }
          }
        }
      }
    }
    fields["value"] = Tensor(dy.shape, y)
    fields["∂value"] = Tensor(x.shape, dx)
    fields["∂weights"] = Tensor(w.shape, dw)
  }

  private func zeros(_ tensor: Tensor<Double>) -> [Double] { Array(repeating: 0, count: tensor.count) }
}

extension PlantedFault {
  package static let convolution: [PlantedFault] = {
    let golden = "convolution-2x3x4x5-k3-p1-2"
    func fault(_ what: String, in field: String, _ plain: PlainConvolution) -> PlantedFault {
      PlantedFault(what, of: golden, in: field, plain)
    }
    return [
      fault("the window a column to the right", in: "value", PlainConvolution(shift: (0, 1))),
      fault("the window a row up", in: "value", PlainConvolution(shift: (-1, 0))),
      fault("the padding on one side alone", in: "value", PlainConvolution(shift: (1, 1))),
      fault("the edges repeated for zeros", in: "value", PlainConvolution(repeatsEdges: true)),
      fault("the kernel flipped", in: "value", PlainConvolution(element: PlainConvolution.flipped)),
      fault("the kernel's rows and columns swapped", in: "value", PlainConvolution(element: PlainConvolution.turned)),
      fault("the weights' rows as (ky, kx, c)", in: "value", PlainConvolution(channelsInnermost: true)),
      fault("the last channel left out", in: "value", PlainConvolution(missing: (1, 0, 0))),
      fault(
        "the kernel not flipped in the input's gradient", in: "∂value",
        PlainConvolution(backElement: PlainConvolution.flipped)),
      fault(
        "rows and columns swapped in the input's gradient", in: "∂value",
        PlainConvolution(backElement: PlainConvolution.turned)),
      fault("the last output left out of the input's gradient", in: "∂value", PlainConvolution(missing: (0, 1, 0))),
      fault("the last image left out of the weights' gradient", in: "∂weights", PlainConvolution(missing: (0, 0, 1))),
      fault("the window off by one in the weights' gradient", in: "∂weights", PlainConvolution(weightShift: 1)),
      fault(
        "the weights' gradient flipped", in: "∂weights", PlainConvolution(weightElement: PlainConvolution.flipped)),
      PlantedFault("the weights' gradient averaged over images", of: golden, in: "∂weights") { fields, golden in
        let images = Double(try golden.given("value").rows)
        fields.change("∂weights") { $0 / images }
      },
      PlantedFault("wrong sign of the input's gradient", of: golden, in: "∂value") { fields, _ in
        fields.change("∂value") { -$0 }
      },
      PlantedFault("no padding", of: golden, in: "value", as: .shape) { fields, golden in
        fields["value"] = Convolution(kernel: 3, padding: .valid)(
          try golden.given("value"), try golden.given("weights"), on: .single)
      },
      PlantedFault("images transposed", of: golden, in: "∂value", as: .shape) { fields, golden in
        let shape = try golden.given("value").shape
        fields["∂value"] = fields["∂value"]?.reshaped([shape[0], shape[1], shape[3], shape[2]])
      },
      PlantedFault("a NaN in the padding", of: golden, in: "value", as: .nan) { fields, _ in
        fields.change("value", at: 0, to: .nan)
      },
      PlantedFault("the last bit of one output", of: golden, in: "value") { fields, _ in
        guard let last = fields["value"]?.scalars.last else { return }
        fields.change("value", at: 2 * 2 * 4 * 5 - 1, to: last.nextUp)
      },
    ]
  }()
}
