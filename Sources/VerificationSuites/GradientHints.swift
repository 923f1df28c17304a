import Layers

/// The terms to look at if a layer's gradient by one of its tensors is wrong; empty if there is no hint.
package func gradientHint(_ layer: any Layer<Double>, _ variable: String) -> String {
  switch layerName(layer) {
  case "Linear": linear(variable)
  case "BinaryLinear": variable == "weights" ? "that of sign W, passed on" : linear(variable)
  case "DistributionLinear": distributionLinear(variable)
  case "BatchNormalization": normalization(variable)
  case "Sign":
    variable == "mean"
      ? "2/√π exp(−z²) / √(2v + 1e-8), z = m/√(2v + 1e-8), Method.md §3"
      : "−z/√(2v + 1e-8) times that by the mean, Method.md §3"
  case "Tanh": "1 − y², at the output y"
  case "ReLU": "1[x > 0]"
  case "StraightThroughSign": "1[|x| ≤ 1] (Hubara et al. 2016)"
  case "GaussianReparameterization": variable == "mean" ? "1" : "ε / (2 √(v + 1e-8)), Method.md §3"
  case "BernoulliReparameterization":
    "(1 − tanh² a)/(2τ) (1/(1 + m + 1e-6) + 1/(1 − m + 1e-6)), tanh's argument a, Method.md §3"
  case "Dropout": "the forward pass's mask, on mean and variance alike; a Bernoulli's −2m ∂L/∂v"
  case "Pooling": pooling(variable)
  default: ""
  }
}

private func linear(_ variable: String) -> String {
  switch variable {
  case "value": "dy Wᵀ / d"
  case "weights": "xᵀ dy / d"
  case "bias": "Σ dy / d, over samples and pixels"
  default: ""
  }
}

private func distributionLinear(_ variable: String) -> String {
  switch variable {
  case "value": "∂m/∂x = μ/d and ∂v/∂x = 2x σ²/d², Method.md §3"
  case "mean": "∂m'/∂m = μ/d and ∂v'/∂m = 2m σ²/d²; a Bernoulli's −2m ∂L/∂v, Method.md §3"
  case "variance": "∂v'/∂v = (μ² + σ²)/d², Method.md §3"
  case "logits":
    "∂L/∂μ or ∂L/∂σ² of p_k (∂μ (d_k − μ) + ∂σ² ((d_k − μ)² − σ²)), of a divergence "
      + "λ p_k (log p_k − log π_k − KL), or the parameterization's factors, Method.md §2"
  case "bias": "Σ ∂L/∂m / d, over samples and pixels"
  default: ""
  }
}

private func normalization(_ variable: String) -> String {
  switch variable {
  case "value", "mean": "r γ, less the parts through m̄ and r; of Gaussians n − 1, Method.md §3"
  case "variance": "(rγ)², and the part through r, Method.md §3"
  case "scale": "Σ ∂m' (m − m̄) r + Σ ∂v' 2 v r² γ"
  case "shift": "Σ ∂m', over samples and pixels"
  default: ""
  }
}

private func pooling(_ variable: String) -> String {
  switch variable {
  case "value": "1 at the largest, or ¼, or 1"
  case "variance": "Clark's Φ, ∂a/∂v = 1/(2a) and ∂v/∂α; of sums 1, of averages 1/16, Method.md §3"
  default: "Clark's Φ and ∂v/∂α; of Bernoullis the other three u; of sums 1, of averages ¼ and −2m ∂L/∂v, Method.md §3"
  }
}
