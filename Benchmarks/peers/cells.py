"""Recurrent layers of senti's cells in PyTorch: those of torch.nn, and those that it lacks."""

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

# A step makes the states after it, [B, H] each, from the sums of its input and of the state before,
# [B, G·H], a layer's parameters and the states before; `layer["sums"]` makes sums of other products.


def summed(step, sums):
    """A step of products, of which `sums(product, side, layer)` makes what `step` takes."""
    def run(input, recurrent, layer, state):
        def of(product, side):
            return sums(product, side, layer)

        return step(of(input, "ih"), of(recurrent, "hh"), {**layer, "sums": of}, state)

    return run


def biased(step):
    """A step whose products are given to `step` with their biases."""
    return summed(step, lambda product, side, layer: product + layer["bias_" + side])


def normal(sums, gain, bias):
    return nn.functional.layer_norm(sums, sums.shape[-1:], gain, bias)


def normalized(step, block_counts):
    """A step whose products are normalized, so many gates together, before their biases are added:
    Ba et al. 2016."""
    def sums(product, side, layer):
        size = product.shape[-1] // sum(block_counts)
        sizes = [count * size for count in block_counts]
        parts = [part.split(sizes, -1) for part in (
            product, layer["norm_" + side], layer["bias_" + side])]
        return torch.cat([normal(*blocks) for blocks in zip(*parts)], -1)

    return summed(step, sums)


def simple_step(activation):
    return lambda input, recurrent, layer, state: (activation(input + recurrent),)


def gru_step(input, recurrent, layer, state, resets_before=False):
    input_r, input_z, input_n = input.chunk(3, -1)
    recurrent_r, recurrent_z, recurrent_n = recurrent.chunk(3, -1)
    reset = torch.sigmoid(input_r + recurrent_r)
    update = torch.sigmoid(input_z + recurrent_z)
    if resets_before:
        product = (reset * state[0]) @ layer["weight_hh"].T
        candidate = torch.tanh(input_n + layer["sums"](product, "hh").chunk(3, -1)[2])
    else:
        candidate = torch.tanh(input_n + reset * recurrent_n)
    return ((1 - update) * candidate + update * state[0],)


def gru_reset_before_step(input, recurrent, layer, state):
    """A step of a GRU whose reset gate comes before the product: Cho et al. 2014."""
    return gru_step(input, recurrent, layer, state, resets_before=True)


def lstm_step(input, recurrent, layer, state, squash=lambda cell, layer: torch.tanh(cell)):
    sum_i, sum_f, sum_g, sum_o = (input + recurrent).chunk(4, -1)
    cell = torch.sigmoid(sum_f) * state[1] + torch.sigmoid(sum_i) * torch.tanh(sum_g)
    return torch.sigmoid(sum_o) * squash(cell, layer), cell


def lstm_normal_cell_step(input, recurrent, layer, state):
    return lstm_step(input, recurrent, layer, state, lambda cell, layer: torch.tanh(
        normal(cell, layer["norm_c"], layer["norm_c_bias"])))


def lstm_peephole_step(input, recurrent, layer, state):
    """A step of an LSTM whose gates see the cell state: Gers et al. 2002."""
    to_input, to_forget, to_output = layer["weight_ch"].chunk(3)
    sum_i, sum_f, sum_g, sum_o = (input + recurrent).chunk(4, -1)
    cell = torch.sigmoid(sum_f + to_forget * state[1]) * state[1]
    cell = cell + torch.sigmoid(sum_i + to_input * state[1]) * torch.tanh(sum_g)
    return torch.sigmoid(sum_o + to_output * cell) * torch.tanh(cell), cell


# What torch.nn has, and what it has not: a layer of the same parameters, and the step.
MODULES = {
    "gru": (nn.GRU, {}), "lstm": (nn.LSTM, {}),
    "rnn": (nn.RNN, {"nonlinearity": "tanh"}), "rnn-relu": (nn.RNN, {"nonlinearity": "relu"}),
}
STEPS = {
    "rnn-elu": (nn.RNN, biased(simple_step(nn.functional.elu))),
    "rnn-leaky-relu": (nn.RNN, biased(simple_step(nn.functional.leaky_relu))),
    "rnn-sigmoid": (nn.RNN, biased(simple_step(torch.sigmoid))),
    "rnn-hard-sigmoid": (nn.RNN, biased(simple_step(nn.functional.hardsigmoid))),
    "rnn-softsign": (nn.RNN, biased(simple_step(nn.functional.softsign))),
    "gru-reset-before-product": (nn.GRU, biased(gru_reset_before_step)),
    "lstm-peephole": (nn.LSTM, biased(lstm_peephole_step)),
    "rnn-layer-norm": (nn.RNN, normalized(simple_step(torch.tanh), [1])),
    "gru-layer-norm": (nn.GRU, normalized(gru_step, [2, 1])),
    "gru-reset-before-product-layer-norm": (nn.GRU, normalized(gru_reset_before_step, [2, 1])),
    "lstm-layer-norm": (nn.LSTM, normalized(lstm_normal_cell_step, [4])),
}
CELLS = [*MODULES, *STEPS]


def recurrent(cell, input_size, hidden_size, layer_count=1, is_bidirectional=False):
    """Recurrent layers of a cell, which take and give what those of torch.nn do, batch first."""
    sizes = (input_size, hidden_size, layer_count)
    if cell in STEPS:
        return SteppedRNN(cell, *sizes, is_bidirectional)
    module, options = MODULES[cell]
    return module(*sizes, batch_first=True, bidirectional=is_bidirectional, **options)


class SteppedRNN(nn.Module):
    """Layers of a cell that torch.nn lacks, with the names of those that it has."""

    def __init__(self, cell, input_size, hidden_size, layer_count, is_bidirectional):
        super().__init__()
        module, self.step = STEPS[cell]
        self.has_cell_state = module is nn.LSTM
        self.hidden_size, self.num_layers = hidden_size, layer_count
        self.directions = ["", "_reverse"][:2 if is_bidirectional else 1]
        like = module(input_size, hidden_size, layer_count, bidirectional=is_bidirectional)
        for name, parameter in like.named_parameters():
            self.register_parameter(name, parameter)
        for suffix in (f"_l{level}{direction}"
                       for level in range(layer_count) for direction in self.directions):
            for name, values in self.extra(cell).items():
                self.register_parameter(name + suffix, nn.Parameter(values))

    def extra(self, cell):
        """What a layer has beside the parameters of torch.nn, drawn at random."""
        size = self.hidden_size
        if cell == "lstm-peephole":
            return {"weight_ch": torch.randn(3 * size)}
        if not cell.endswith("layer-norm"):
            return {}
        rows = {"rnn": 1, "gru": 3, "lstm": 4}[cell.split("-")[0]] * size
        # Gains of about one, which training begins with, make an LSTM of random weights chaos: after
        # 3,000 steps PyTorch's own single and double precision differ by 0.3.
        extra = {name: torch.rand(rows) for name in ("norm_ih", "norm_hh")}
        if self.has_cell_state:
            extra |= {"norm_c": torch.rand(size), "norm_c_bias": torch.randn(size) / 4}
        return extra

    def forward(self, inputs, states=None):
        """Outputs, and the final states, [layers and directions, B, H]."""
        lengths = None
        if isinstance(inputs, PackedSequence):
            inputs, lengths = pad_packed_sequence(inputs, batch_first=True)
        if states is None:
            zeros = inputs.new_zeros(
                self.num_layers * len(self.directions), len(inputs), self.hidden_size)
            states = (zeros, zeros) if self.has_cell_state else zeros
        states = states if self.has_cell_state else (states,)
        finals = []
        for level in range(self.num_layers):
            outputs = []
            for index, direction in enumerate(self.directions):
                place = level * len(self.directions) + index
                read, final = self.read(
                    inputs, lengths, [state[place] for state in states],
                    f"_l{level}{direction}", is_reversed=index == 1)
                outputs.append(read)
                finals.append(final)
            inputs = torch.cat(outputs, -1)
        final = tuple(torch.stack(parts) for parts in zip(*finals))
        if lengths is not None:
            inputs = pack_padded_sequence(
                inputs, lengths, batch_first=True, enforce_sorted=False)
        return inputs, final if self.has_cell_state else final[0]

    def read(self, inputs, lengths, state, suffix, is_reversed):
        """The outputs of a layer in a direction, [B, T, H], and its states after the last step."""
        layer = {name.removesuffix(suffix): value for name, value in self.named_parameters()
                 if name.endswith(suffix)}
        count = inputs.shape[1]
        outputs = [None] * count
        for time in reversed(range(count)) if is_reversed else range(count):
            after = self.step(
                inputs[:, time] @ layer["weight_ih"].T, state[0] @ layer["weight_hh"].T, layer,
                state)
            if lengths is not None:
                is_real = (time < lengths)[:, None]
                after = [torch.where(is_real, new, old) for new, old in zip(after, state)]
            state = after
            outputs[time] = state[0]
        return torch.stack(outputs, 1), state
