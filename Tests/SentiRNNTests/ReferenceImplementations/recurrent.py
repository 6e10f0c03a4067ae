"""Writes Fixtures/*.json: recurrent layers and a classifier, with every gradient, by PyTorch.

    python recurrent.py ../Fixtures

Made with torch 2.15.0 on a CPU, double precision; each file notes the version and the seed. No two
sizes are equal: B = 3, T = 7, I = 5, H = 4, 6, 17 or 18. Sequences are packed, in an order that is
not that of their lengths. Padding of inputs is 99, so that to read it shows; of all else it is 0.

A file holds, each tensor as {"shape", "values"}:
    lengths      the number of steps of each sequence
    parameters   by PyTorch's names, gates in PyTorch's order
    input        [B, T, I]
    initial      h, and c for LSTM: [layers * directions, B, H]
    outputs      [B, T, directions * H]
    final        h, and c: as initial
    lossWeights  outputs, h, and c: loss = sum(weight * value) over all of them
    loss         a number
    gradients    of the loss by each parameter, by input, and by the initial h0, and c0
"""

import pathlib
import sys

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import fixture

LENGTHS = torch.tensor([4, 7, 1])
INPUT_SIZE = 5
INPUT_PADDING = 99.0


def is_real(lengths):
    """True where a sequence has a step: [B, T]."""
    return torch.arange(int(lengths.max()))[None, :] < lengths[:, None]


def run_packed(module, inputs, initial):
    """Outputs and final states of one of PyTorch's modules; states are tuples (h,) or (h, c)."""
    packed = pack_padded_sequence(inputs, LENGTHS, batch_first=True, enforce_sorted=False)
    outputs, final = module(packed, initial if len(initial) == 2 else initial[0])
    padded, _ = pad_packed_sequence(outputs, batch_first=True)
    return padded, final if len(initial) == 2 else (final,)


# Cells that PyTorch lacks, and ones that it has, to check the loop around them.


def simple_cell(activation):
    def cell(p, x, state):
        from_input = nn.functional.linear(x, p["weight_ih_l0"], p["bias_ih_l0"])
        from_state = nn.functional.linear(state[0], p["weight_hh_l0"], p["bias_hh_l0"])
        return (activation(from_input + from_state),)

    return cell


def rnn_layer_norm_cell(p, x, state):
    """Ba et al. 2016, equation 4, with each product for itself as in the supplement."""
    from_input = normal(x @ p["weight_ih_l0"].T, p["norm_ih_l0"], p["bias_ih_l0"])
    from_state = normal(state[0] @ p["weight_hh_l0"].T, p["norm_hh_l0"], p["bias_hh_l0"])
    return (torch.tanh(from_input + from_state),)


def gru_cell(p, x, state, reset_before=False):
    h = state[0]
    input_r, input_z, input_n = nn.functional.linear(
        x, p["weight_ih_l0"], p["bias_ih_l0"]
    ).chunk(3, dim=1)
    hidden_r, hidden_z, hidden_n = nn.functional.linear(
        h, p["weight_hh_l0"], p["bias_hh_l0"]
    ).chunk(3, dim=1)
    r = torch.sigmoid(input_r + hidden_r)
    z = torch.sigmoid(input_z + hidden_z)
    if reset_before:
        weight = p["weight_hh_l0"].chunk(3)[2]
        bias = p["bias_hh_l0"].chunk(3)[2]
        n = torch.tanh(input_n + nn.functional.linear(r * h, weight, bias))
    else:
        n = torch.tanh(input_n + r * hidden_n)
    return ((1 - z) * n + z * h,)


def gru_reset_before_cell(p, x, state):
    return gru_cell(p, x, state, reset_before=True)


def hard_sigmoid(x):
    """PyTorch's own takes its slope of 1/6 in single precision."""
    return torch.clamp(x / 6 + 0.5, 0, 1)


def lstm_gates(from_input, from_state, state, peepholes=(0, 0, 0)):
    """The cell state after a step, and the output gate."""
    c = state[1]
    input_i, input_f, input_g, input_o = (from_input + from_state).chunk(4, dim=1)
    i = torch.sigmoid(input_i + peepholes[0] * c)
    f = torch.sigmoid(input_f + peepholes[1] * c)
    cell = f * c + i * torch.tanh(input_g)
    o = torch.sigmoid(input_o + peepholes[2] * cell)
    return cell, o


def lstm_peephole_cell(p, x, state):
    from_input = nn.functional.linear(x, p["weight_ih_l0"], p["bias_ih_l0"])
    from_state = nn.functional.linear(state[0], p["weight_hh_l0"], p["bias_hh_l0"])
    cell, o = lstm_gates(from_input, from_state, state, p["weight_ch_l0"].chunk(3))
    return o * torch.tanh(cell), cell


def normal(values, gain, bias):
    return nn.functional.layer_norm(values, values.shape[1:], gain, bias)


def lstm_layer_norm_cell(p, x, state):
    """Ba et al. 2016, equations 20 to 22: each product over all gates together."""
    from_input = normal(x @ p["weight_ih_l0"].T, p["norm_ih_l0"], p["bias_ih_l0"])
    from_state = normal(state[0] @ p["weight_hh_l0"].T, p["norm_hh_l0"], p["bias_hh_l0"])
    cell, o = lstm_gates(from_input, from_state, state)
    return o * torch.tanh(normal(cell, p["norm_c_l0"], p["norm_c_bias_l0"])), cell


def gru_layer_norm_cell(p, x, state, reset_before=False):
    """Ba et al. 2016, equations 24 to 26: reset and update together, the candidate for itself."""
    h = state[0]
    size = h.shape[1]

    def product(values, side):
        sums = values @ p[f"weight_{side}_l0"].T
        blocks = [slice(0, 2 * size), slice(2 * size, 3 * size)]
        normals = [
            normal(sums[:, b], p[f"norm_{side}_l0"][b], p[f"bias_{side}_l0"][b]) for b in blocks
        ]
        return torch.cat(normals, dim=1).chunk(3, dim=1)

    input_r, input_z, input_n = product(x, "ih")
    hidden_r, hidden_z, hidden_n = product(h, "hh")
    r = torch.sigmoid(input_r + hidden_r)
    z = torch.sigmoid(input_z + hidden_z)
    if reset_before:
        n = torch.tanh(input_n + product(r * h, "hh")[2])
    else:
        n = torch.tanh(input_n + r * hidden_n)
    return ((1 - z) * n + z * h,)


def gru_reset_before_layer_norm_cell(p, x, state):
    return gru_layer_norm_cell(p, x, state, reset_before=True)


NORMALIZED_CELLS = [
    rnn_layer_norm_cell, gru_layer_norm_cell, gru_reset_before_layer_norm_cell,
    lstm_layer_norm_cell]


def extra_parameters(cell, hidden_size, gate_count):
    """What a cell has beside PyTorch's parameters."""
    rows = gate_count * hidden_size
    if cell is lstm_peephole_cell:
        sizes = {"weight_ch_l0": 3 * hidden_size}
    elif cell in NORMALIZED_CELLS:
        sizes = {"norm_ih_l0": rows, "norm_hh_l0": rows}
        if cell is lstm_layer_norm_cell:
            sizes |= {"norm_c_l0": hidden_size, "norm_c_bias_l0": hidden_size}
    else:
        sizes = {}
    return {name: torch.randn(size).requires_grad_() for name, size in sizes.items()}


def run_cell(cell, parameters, inputs, initial):
    """Outputs and final states of a cell; a sequence keeps its state after its end."""
    state = tuple(part[0] for part in initial)
    mask = is_real(LENGTHS)
    outputs = []
    for time in range(inputs.shape[1]):
        has_step = mask[:, time, None]
        # The padding must not reach a gradient, not even multiplied by zero.
        x = torch.where(has_step, inputs[:, time], torch.zeros_like(inputs[:, time]))
        following = cell(parameters, x, state)
        outputs.append(torch.where(has_step, following[0], torch.zeros_like(following[0])))
        state = tuple(torch.where(has_step, new, old) for new, old in zip(following, state))
    return torch.stack(outputs, dim=1), tuple(part[None] for part in state)


def case(name, seed, module, cell=None):
    """The fixture of a module, or of a cell with the parameters of that module."""
    mask = is_real(LENGTHS)
    batch_size, time_step_count = mask.shape
    inputs = torch.randn(batch_size, time_step_count, INPUT_SIZE)
    inputs = torch.where(mask[:, :, None], inputs, torch.tensor(INPUT_PADDING)).requires_grad_()
    direction_count = 2 if module.bidirectional else 1
    state_count = 2 if isinstance(module, nn.LSTM) else 1
    shape = (module.num_layers * direction_count, batch_size, module.hidden_size)
    initial = tuple(torch.randn(shape).requires_grad_() for _ in range(state_count))
    parameters = dict(module.named_parameters())
    gate_count = parameters["weight_hh_l0"].shape[0] // module.hidden_size
    parameters |= extra_parameters(cell, module.hidden_size, gate_count)

    if cell is None:
        outputs, final = run_packed(module, inputs, initial)
    else:
        outputs, final = run_cell(cell, parameters, inputs, initial)
    weights = [torch.randn(outputs.shape) * mask[:, :, None]]
    weights += [torch.randn(shape) for _ in final]
    values = [outputs, *final]
    loss = sum((weight * value).sum() for weight, value in zip(weights, values))
    loss.backward()

    states = ["h", "c"][:state_count]
    gradients = {key: value.grad for key, value in parameters.items()} | {"input": inputs.grad}
    gradients |= {f"{key}0": value.grad for key, value in zip(states, initial)}
    return seed, {
        "lengths": LENGTHS.tolist(),
        "parameters": fixture.tensors(parameters),
        "input": fixture.tensor(inputs),
        "initial": fixture.tensors(dict(zip(states, initial))),
        "outputs": fixture.tensor(outputs),
        "final": fixture.tensors(dict(zip(states, final))),
        "lossWeights": fixture.tensors(dict(zip(["outputs"] + states, weights))),
        "loss": loss.item(),
        "gradients": fixture.tensors(gradients),
    }


CASES = {
    "rnn-tanh": (nn.RNN, 4, {}, None),
    "rnn-relu": (nn.RNN, 4, {"nonlinearity": "relu"}, None),
    "rnn-elu": (nn.RNN, 4, {}, simple_cell(nn.functional.elu)),
    "gru": (nn.GRU, 4, {}, None),
    "gru-hidden-17": (nn.GRU, 17, {}, None),
    "gru-hidden-18": (nn.GRU, 18, {}, None),
    "gru-reset-before-product": (nn.GRU, 4, {}, gru_reset_before_cell),
    "gru-reset-before-product-hidden-18": (nn.GRU, 18, {}, gru_reset_before_cell),
    "gru-two-layers": (nn.GRU, 4, {"num_layers": 2}, None),
    "gru-bidirectional": (nn.GRU, 4, {"bidirectional": True}, None),
    "gru-two-layers-bidirectional": (
        nn.GRU, 6, {"num_layers": 2, "bidirectional": True}, None),
    "lstm": (nn.LSTM, 4, {}, None),
    "lstm-hidden-17": (nn.LSTM, 17, {}, None),
    "lstm-hidden-18": (nn.LSTM, 18, {}, None),
    "lstm-two-layers": (nn.LSTM, 4, {"num_layers": 2}, None),
    "lstm-bidirectional": (nn.LSTM, 4, {"bidirectional": True}, None),
    "lstm-two-layers-bidirectional": (
        nn.LSTM, 6, {"num_layers": 2, "bidirectional": True}, None),
    "rnn-leaky-relu": (nn.RNN, 4, {}, simple_cell(nn.functional.leaky_relu)),
    "rnn-sigmoid": (nn.RNN, 4, {}, simple_cell(torch.sigmoid)),
    "rnn-hard-sigmoid": (nn.RNN, 4, {}, simple_cell(hard_sigmoid)),
    "rnn-softsign": (nn.RNN, 4, {}, simple_cell(nn.functional.softsign)),
    "gru-layer-norm": (nn.GRU, 4, {}, gru_layer_norm_cell),
    "gru-layer-norm-hidden-18": (nn.GRU, 18, {}, gru_layer_norm_cell),
    "lstm-peephole": (nn.LSTM, 4, {}, lstm_peephole_cell),
    "lstm-peephole-hidden-18": (nn.LSTM, 18, {}, lstm_peephole_cell),
    "lstm-layer-norm": (nn.LSTM, 4, {}, lstm_layer_norm_cell),
    "lstm-layer-norm-hidden-18": (nn.LSTM, 18, {}, lstm_layer_norm_cell),
    "rnn-layer-norm": (nn.RNN, 4, {}, rnn_layer_norm_cell),
    "rnn-layer-norm-hidden-18": (nn.RNN, 18, {}, rnn_layer_norm_cell),
    "gru-reset-before-layer-norm": (nn.GRU, 4, {}, gru_reset_before_layer_norm_cell),
    "gru-reset-before-layer-norm-hidden-18": (nn.GRU, 18, {}, gru_reset_before_layer_norm_cell),
}


class ResidualStack(nn.Module):
    """Three GRU layers; the batch of the real tokens is normalized below each but the lowest, and
    the highest layer reads what the middle one read and gave."""

    def __init__(self):
        super().__init__()
        self.num_layers, self.hidden_size, self.bidirectional = 3, 4, False
        sizes = [INPUT_SIZE, 4, 4]
        self.layers = nn.ModuleList(nn.GRU(size, 4, batch_first=True) for size in sizes)
        self.norms = nn.ModuleList(nn.BatchNorm1d(4) for _ in range(2))
        for norm in self.norms:
            nn.init.normal_(norm.weight)
            nn.init.normal_(norm.bias)

    def named_parameters(self, *_):
        """By senti's names."""
        for level, layer in enumerate(self.layers):
            for name, value in layer.named_parameters():
                yield name.replace("_l0", f"_l{level}"), value
        for level, norm in enumerate(self.norms):
            yield f"batch_norm_l{level}.weight", norm.weight
            yield f"batch_norm_l{level}.bias", norm.bias

    def forward(self, packed, initial):
        states, below = [], None
        for level, layer in enumerate(self.layers):
            outputs, state = layer(packed, initial[level : level + 1])
            states.append(state)
            if level < 2:
                joined = outputs.data if below is None else outputs.data + below
                below = self.norms[level](joined)
                packed = nn.utils.rnn.PackedSequence(
                    below, outputs.batch_sizes, outputs.sorted_indices, outputs.unsorted_indices
                )
        return outputs, torch.cat(states)


class Classifier(nn.Module):
    """Embedding, GRU, [last | max | mean] over the real steps, linear layer."""

    def __init__(self, vocabulary_size, embedding_size, hidden_size, class_count):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, embedding_size)
        self.gru = nn.GRU(embedding_size, hidden_size, batch_first=True)
        self.linear = nn.Linear(3 * hidden_size, class_count)

    def forward(self, tokens):
        zero = torch.zeros(1, tokens.shape[0], self.gru.hidden_size)
        outputs, (final,) = run_packed(self.gru, self.embedding(tokens), (zero,))
        mask = is_real(LENGTHS)[:, :, None]
        largest = outputs.masked_fill(~mask, -torch.inf).amax(dim=1)
        mean = outputs.sum(dim=1) / LENGTHS[:, None]
        pooled = torch.cat([final[0], largest, mean], dim=1)
        return pooled, self.linear(pooled)


def classifier_case(seed):
    """Tokens repeat within and between the sequences; token 0 is padding only."""
    module = Classifier(vocabulary_size=11, embedding_size=5, hidden_size=4, class_count=2)
    tokens = torch.randint(1, 6, is_real(LENGTHS).shape) * is_real(LENGTHS)
    labels = torch.tensor([1, 0, 1])
    pooled, logits = module(tokens)
    loss = nn.functional.cross_entropy(logits, labels)
    loss.backward()
    parameters = dict(module.named_parameters())
    return {
        "lengths": LENGTHS.tolist(),
        "tokens": tokens.tolist(),
        "labels": labels.tolist(),
        "parameters": fixture.tensors(parameters),
        "pooled": fixture.tensor(pooled),
        "logits": fixture.tensor(logits),
        "loss": loss.item(),
        "gradients": fixture.tensors({key: value.grad for key, value in parameters.items()}),
    }


def batch_normalization_case():
    """A step of training, what it leaves of the running statistics, and a pass by these."""
    module = nn.BatchNorm1d(4)
    for parameter in module.parameters():
        nn.init.normal_(parameter)
    module.running_mean.normal_()
    module.running_var.uniform_(0.5, 2)
    names = ["weight", "bias", "running_mean", "running_var"]
    parameters = {name: getattr(module, name).clone() for name in names}
    inputs = 1 + 2 * torch.randn(9, 4)
    outputs = module(inputs)
    running = {name: getattr(module, name).clone() for name in names[2:]}
    return {
        "parameters": fixture.tensors(parameters),
        "input": fixture.tensor(inputs),
        "output": fixture.tensor(outputs),
        "running": fixture.tensors(running),
        "evaluated": fixture.tensor(module.eval()(inputs)),
    }


def dropout_case():
    """Two layers of each of two cells: a mask on the way up, the same at every step, and dropped recurrent
    weights; all masks are given, scaled by 1 / (1 - 0.5)."""
    cases = []
    for module_type in (nn.GRU, nn.LSTM):
        modules = [module_type(size, 4, batch_first=True) for size in (INPUT_SIZE, 4)]
        gates = modules[0].weight_hh_l0.shape[0]
        inputs = torch.randn(3, 7, INPUT_SIZE, requires_grad=True)
        between = 2.0 * torch.randint(0, 2, (3, 4))
        dropped = [2.0 * torch.randint(0, 2, (gates, 4)) for _ in modules]
        parameters, values = {}, inputs
        for level, (module, mask) in enumerate(zip(modules, dropped)):
            own = dict(module.named_parameters())
            parameters |= {name.replace("_l0", f"_l{level}"): value for name, value in own.items()}
            values = values if level == 0 else values * between[:, None]
            # The packed sequences end where they end, so that padding is not read.
            packed = pack_padded_sequence(values, LENGTHS, batch_first=True, enforce_sorted=False)
            masked = own | {"weight_hh_l0": own["weight_hh_l0"] * mask}
            outputs, _ = torch.func.functional_call(module, masked, (packed,))
            values, _ = pad_packed_sequence(outputs, batch_first=True)
        weights = torch.randn(values.shape) * is_real(LENGTHS)[:, :, None]
        (weights * values).sum().backward()
        gradients = {name: value.grad for name, value in parameters.items()}
        cases.append({
            "cell": module_type.__name__.lower(),
            "parameters": fixture.tensors(parameters), "input": fixture.tensor(inputs),
            "between": fixture.tensor(between), "dropped": [fixture.tensor(m) for m in dropped],
            "outputs": fixture.tensor(values), "lossWeights": fixture.tensor(weights),
            "gradients": fixture.tensors(gradients | {"input": inputs.grad}),
        })
    return {"lengths": LENGTHS.tolist(), "cases": cases}


def check_loop():
    """The loop over a cell must give what PyTorch's own GRU gives."""
    torch.manual_seed(0)
    module = nn.GRU(INPUT_SIZE, 4, batch_first=True)
    inputs, initial = torch.randn(3, 7, INPUT_SIZE), (torch.randn(1, 3, 4),)
    expected = run_packed(module, inputs, initial)
    found = run_cell(gru_cell, dict(module.named_parameters()), inputs, initial)
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


def main(folder):
    torch.set_default_dtype(torch.float64)
    check_loop()
    for number, (name, (module_type, hidden_size, options, cell)) in enumerate(CASES.items()):
        seed = 100 + number
        torch.manual_seed(seed)
        module = module_type(INPUT_SIZE, hidden_size, batch_first=True, **options)
        fixture.write(folder, name, *case(name, seed, module, cell))
    torch.manual_seed(201)
    fixture.write(folder, "gru-residual-batch-norm", *case("", 201, ResidualStack()))
    torch.manual_seed(200)
    fixture.write(folder, "classifier", 200, classifier_case(200))
    torch.manual_seed(202)
    fixture.write(folder, "batch-normalization", 202, batch_normalization_case())
    torch.manual_seed(203)
    fixture.write(folder, "dropout", 203, dropout_case())


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
