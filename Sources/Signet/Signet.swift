// The library's one import: what its users call stands in the modules below, which lie in one folder of Sources each.

@_exported import Datasets
@_exported import Files
@_exported import Layers
@_exported import Networks
@_exported import PackedInference
@_exported import RandomStreams
@_exported import Tensors
@_exported import Training
@_exported import WeightDistributions
