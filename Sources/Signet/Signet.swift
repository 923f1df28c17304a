// The only module that users of the library import. It re-exports the modules below, each of which has a folder in Sources.

@_exported import Datasets
@_exported import Exchange
@_exported import Files
@_exported import Layers
@_exported import Networks
@_exported import PackedInference
@_exported import RandomStreams
@_exported import Tensors
@_exported import Training
@_exported import WeightDistributions
