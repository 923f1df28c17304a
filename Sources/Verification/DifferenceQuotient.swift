import Tensors

/// A direction in the space of a variable's numbers; the description is its index.
enum Direction: CustomStringConvertible {
  case axis(Int)
  /// An arbitrary direction, the `n`th of its kind.
  case along([Double], Int)

  var description: String {
    switch self {
    case .axis(let index): "[\(index)]"
    case .along(_, let n): " along direction \(n)"
    }
  }

  /// The inner product with `x`.
  func component(of x: [Double]) -> Double {
    switch self {
    case .axis(let index): x[index]
    case .along(let direction, _): zip(x, direction).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// `x + distance · direction`.
  func move(_ x: [Double], by distance: Double) -> [Double] {
    var moved = x
    switch self {
    case .axis(let index): moved[index] += distance
    case .along(let direction, _): for i in moved.indices { moved[i] += distance * direction[i] }
    }
    return moved
  }

  /// The direction itself, spread over all numbers of `tensors` in order.
  func tensors(like tensors: [Tensor<Double>]) -> [Tensor<Double>] {
    let count = tensors.reduce(0) { $0 + $1.count }
    var rest = move(Array(repeating: 0, count: count), by: 1)[...]
    return tensors.map { tensor in
      defer { rest = rest.dropFirst(tensor.count) }
      return Tensor(tensor.shape, Array(rest.prefix(tensor.count)))
    }
  }
}

extension TestNumbers {
  /// Random numbers in −1...1.
  mutating func numbers(_ count: Int) -> [Double] {
    let tensor: Tensor<Double> = self.tensor(count, in: -1...1)
    return tensor.scalars
  }
}

extension GradientCheck {
  /// The derivative of all outputs along a direction of one variable, by central differences of fourth order:
  /// `(f(x − 2h) − 8 f(x − h) + 8 f(x + h) − f(x + 2h)) / 12h`.
  func quotients(_ values: Tensors, _ which: Int, _ direction: Direction, step: Double) -> [Double] {
    let near = pair(values, which, direction, distance: step)
    return quotients(near, pair(values, which, direction, distance: 2 * step), step: step)
  }

  /// The step for a variable: among powers of two times its magnitude, from `largestStep` down, the one whose quotients
  /// change least when it is halved. Larger steps suffer from truncation and from kinks that they cross, smaller ones
  /// from rounding.
  ///
  /// Steps are tried along a direction that moves every number; the choice does not depend on the gradients under test.
  func step(_ values: Tensors, _ which: Int) -> Double {
    var numbers = TestNumbers(seed: seed)
    // No two components are alike, as softmax does not change if all of a weight's logits move together.
    let direction = Direction.along(numbers.numbers(values[which].count).map { $0 < 0 ? $0 - 0.5 : $0 + 0.5 }, 0)
    let magnitude = values[which].scalars.reduce(0) { max($0, abs($1)) }
    let scale = magnitude > 0 ? Double(sign: .plus, exponent: magnitude.exponent, significand: 1) : 1
    let steps = (0...Self.halvings).map { scale * largestStep / Double(1 << $0) }
    // The pairs at 2h, h, h/2, …; each serves two steps.
    let pairs = ([2 * steps[0]] + steps).map { pair(values, which, direction, distance: $0) }
    let ladder = steps.indices.map { quotients(pairs[$0 + 1], pairs[$0], step: steps[$0]) }
    let changes = zip(ladder, ladder.dropFirst()).map { coarse, fine in
      zip(coarse, fine).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    let best = changes.indices.min { changes[$0] < changes[$1] } ?? 0
    return steps[best]
  }

  /// The number of times that the largest step is halved.
  private static let halvings = Extent.of(7, debug: 4)

  private typealias Pair = (minus: [Double], plus: [Double])

  private func pair(_ values: Tensors, _ which: Int, _ direction: Direction, distance: Double) -> Pair {
    func outputs(_ distance: Double) -> [Double] {
      var moved = values
      moved[which] = Tensor(values[which].shape, direction.move(values[which].scalars, by: distance))
      return function(moved).flatMap(\.scalars)
    }
    return (outputs(-distance), outputs(distance))
  }

  private func quotients(_ near: Pair, _ far: Pair, step: Double) -> [Double] {
    near.plus.indices.map {
      (far.minus[$0] - far.plus[$0] + 8 * (near.plus[$0] - near.minus[$0])) / (12 * step)
    }
  }
}
