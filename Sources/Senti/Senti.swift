@_exported public import SentiCorpora
@_exported public import SentiModels
@_exported public import SentiRNN
@_exported public import SentiTensor
@_exported public import SentiText
@_exported public import SentiTraining
