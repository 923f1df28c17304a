// The sources that devices compile, embedded in the program.
#include "DeviceText.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char Device_inc[] = {
#embed "Device/Device.inc"
    , 0};
static const char Dialect_h[] = {
#embed "Dialect.h"
    , 0};
static const char Passes_h[] = {
#embed "include/Passes.h"
    , 0};
static const char WeightPasses_h[] = {
#embed "include/WeightPasses.h"
    , 0};
static const char Philox_h[] = {
#embed "include/Philox.h"
    , 0};
static const char DeviceFunctions_inc[] = {
#embed "Device/DeviceFunctions.inc"
    , 0};
static const char AccurateFunctions_inc[] = {
#embed "AccurateFunctions.inc"
    , 0};
static const char DoubleDouble_h[] = {
#embed "DoubleDouble.h"
    , 0};
static const char Coefficients_h[] = {
#embed "Coefficients.h"
    , 0};
static const char Rounding_h[] = {
#embed "Rounding.h"
    , 0};
static const char FunctionCores_inc[] = {
#embed "FunctionCores.inc"
    , 0};
static const char Philox_inc[] = {
#embed "Philox.inc"
    , 0};
static const char Passes_inc[] = {
#embed "Passes/Passes.inc"
    , 0};
static const char PassKernels_inc[] = {
#embed "Device/PassKernels.inc"
    , 0};
static const char WeightKernels_inc[] = {
#embed "Device/WeightKernels.inc"
    , 0};
static const char ProductKernels_inc[] = {
#embed "Device/ProductKernels.inc"
    , 0};
static const char ProductTile_inc[] = {
#embed "Device/ProductTile.inc"
    , 0};
static const char BatchNormalization_inc[] = {
#embed "Passes/BatchNormalization.inc"
    , 0};
static const char BernoulliReparameterization_inc[] = {
#embed "Passes/BernoulliReparameterization.inc"
    , 0};
static const char Deviates_inc[] = {
#embed "Passes/Deviates.inc"
    , 0};
static const char DistributionLinear_inc[] = {
#embed "Passes/DistributionLinear.inc"
    , 0};
static const char Dropout_inc[] = {
#embed "Passes/Dropout.inc"
    , 0};
static const char GaussianReparameterization_inc[] = {
#embed "Passes/GaussianReparameterization.inc"
    , 0};
static const char LinearMap_inc[] = {
#embed "Passes/LinearMap.inc"
    , 0};
static const char PredictionStep_inc[] = {
#embed "Passes/PredictionStep.inc"
    , 0};
static const char ReLU_inc[] = {
#embed "Passes/ReLU.inc"
    , 0};
static const char Sign_inc[] = {
#embed "Passes/Sign.inc"
    , 0};
static const char Signal_inc[] = {
#embed "Passes/Signal.inc"
    , 0};
static const char StraightThroughSign_inc[] = {
#embed "Passes/StraightThroughSign.inc"
    , 0};
static const char Tanh_inc[] = {
#embed "Passes/Tanh.inc"
    , 0};
static const char WeightDistribution_inc[] = {
#embed "Passes/WeightDistribution.inc"
    , 0};
static const char GaussianMaximum_inc[] = {
#embed "Passes/GaussianMaximum.inc"
    , 0};
static const char Pooling_inc[] = {
#embed "Passes/Pooling.inc"
    , 0};
static const char WindowPixels_inc[] = {
#embed "Passes/WindowPixels.inc"
    , 0};
static const char Adam_inc[] = {
#embed "Passes/Adam.inc"
    , 0};
static const char Logits_inc[] = {
#embed "Passes/Logits.inc"
    , 0};
static const char ZeroAnchored_inc[] = {
#embed "Passes/ZeroAnchored.inc"
    , 0};
static const char Hierarchical_inc[] = {
#embed "Passes/Hierarchical.inc"
    , 0};
static const char KLDivergence_inc[] = {
#embed "Passes/KLDivergence.inc"
    , 0};
static const char hard_cases[] = {
#embed "../../Golden/oracle/functions-float-hard.txt"
    , 0};

const char *signet_hard_cases(void) { return hard_cases; }

struct signet_source signet_device_source(int index) {
  static const struct signet_source sources[] = {
      {"Device.inc", Device_inc},
      {"Dialect.h", Dialect_h},
      {"Passes.h", Passes_h},
      {"WeightPasses.h", WeightPasses_h},
      {"Philox.h", Philox_h},
      {"DeviceFunctions.inc", DeviceFunctions_inc},
      {"AccurateFunctions.inc", AccurateFunctions_inc},
      {"DoubleDouble.h", DoubleDouble_h},
      {"Coefficients.h", Coefficients_h},
      {"Rounding.h", Rounding_h},
      {"FunctionCores.inc", FunctionCores_inc},
      {"Philox.inc", Philox_inc},
      {"Passes.inc", Passes_inc},
      {"PassKernels.inc", PassKernels_inc},
      {"WeightKernels.inc", WeightKernels_inc},
      {"ProductKernels.inc", ProductKernels_inc},
      {"ProductTile.inc", ProductTile_inc},
      {"BatchNormalization.inc", BatchNormalization_inc},
      {"BernoulliReparameterization.inc", BernoulliReparameterization_inc},
      {"Deviates.inc", Deviates_inc},
      {"DistributionLinear.inc", DistributionLinear_inc},
      {"Dropout.inc", Dropout_inc},
      {"GaussianReparameterization.inc", GaussianReparameterization_inc},
      {"LinearMap.inc", LinearMap_inc},
      {"PredictionStep.inc", PredictionStep_inc},
      {"ReLU.inc", ReLU_inc},
      {"Sign.inc", Sign_inc},
      {"Signal.inc", Signal_inc},
      {"StraightThroughSign.inc", StraightThroughSign_inc},
      {"Tanh.inc", Tanh_inc},
      {"WeightDistribution.inc", WeightDistribution_inc},
      {"GaussianMaximum.inc", GaussianMaximum_inc},
      {"Pooling.inc", Pooling_inc},
      {"WindowPixels.inc", WindowPixels_inc},
      {"Adam.inc", Adam_inc},
      {"Logits.inc", Logits_inc},
      {"ZeroAnchored.inc", ZeroAnchored_inc},
      {"Hierarchical.inc", Hierarchical_inc},
      {"KLDivergence.inc", KLDivergence_inc},
      {0, 0},
  };
  return sources[index];
}
