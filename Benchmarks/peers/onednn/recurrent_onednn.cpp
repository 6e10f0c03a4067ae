// Measures oneDNN 2.6's recurrent primitives on a dense batch of a fixed length, the only one they
// know: the work `inference-fixed` of the program `recurrent`.
//
//     recurrent_onednn FIGURES.jsonl SECONDS [--processor-time]
//
// GRU is lbr_gru, the form with the reset gate after the recurrent product, as in PyTorch. Weights
// are in the order that the primitive asks for before the clock starts.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <dnnl.hpp>
#include <omp.h>

using dnnl::memory;
using Arguments = std::unordered_map<int, memory>;

namespace {

constexpr memory::dim stepCount = 256, batchSize = 64;

struct Work {
  dnnl::primitive primitive;
  Arguments arguments;
};

memory::desc plain(memory::dims sizes, memory::format_tag tag) {
  return memory::desc(std::move(sizes), memory::data_type::f32, tag);
}

memory::desc any(memory::dims sizes) { return plain(std::move(sizes), memory::format_tag::any); }

// Memory filled with small random numbers; `layout` may be one that only the primitive knows.
memory filled(const dnnl::engine &engine, dnnl::stream &stream, const memory::desc &source,
              const memory::desc &layout) {
  memory values(source, engine);
  std::mt19937 generator(1);
  std::uniform_real_distribution<float> uniform(-0.06f, 0.06f);
  auto *numbers = static_cast<float *>(values.get_data_handle());
  std::generate_n(numbers, source.get_size() / sizeof(float), [&] { return uniform(generator); });
  if (source == layout) return values;
  memory packed(layout, engine);
  dnnl::reorder(values, packed).execute(stream, values, packed);
  stream.wait();
  return packed;
}

// The descriptors of the tensors that both cells share: layers, directions, gates.
struct Shapes {
  memory::dim hidden, gates;

  memory::desc input() const {
    return plain({stepCount, batchSize, hidden}, memory::format_tag::tnc);
  }
  memory::dims weights() const { return {1, 1, hidden, gates, hidden}; }
  memory::desc bias(memory::dim biases) const {
    return plain({1, 1, biases, hidden}, memory::format_tag::ldgo);
  }
};

template <typename Descriptor>
Work prepare(const Descriptor &descriptor, const Shapes &shapes, memory::dim biases,
             const dnnl::engine &engine, dnnl::stream &stream) {
  auto source = plain(shapes.weights(), memory::format_tag::ldigo);
  auto filledLike = [&](const memory::desc &plainLayout, const memory::desc &layout) {
    return filled(engine, stream, plainLayout, layout);
  };
  return {dnnl::primitive(descriptor),
          {{DNNL_ARG_SRC_LAYER, filledLike(shapes.input(), shapes.input())},
           {DNNL_ARG_WEIGHTS_LAYER, filledLike(source, descriptor.weights_layer_desc())},
           {DNNL_ARG_WEIGHTS_ITER, filledLike(source, descriptor.weights_iter_desc())},
           {DNNL_ARG_BIAS, filledLike(shapes.bias(biases), shapes.bias(biases))},
           {DNNL_ARG_DST_LAYER, memory(shapes.input(), engine)}}};
}

Work gru(memory::dim hidden, const dnnl::engine &engine, dnnl::stream &stream) {
  Shapes shapes{hidden, 3};
  dnnl::lbr_gru_forward::desc description(
      dnnl::prop_kind::forward_inference, dnnl::rnn_direction::unidirectional_left2right,
      shapes.input(), memory::desc(), any(shapes.weights()), any(shapes.weights()), shapes.bias(4),
      shapes.input(), memory::desc());
  dnnl::lbr_gru_forward::primitive_desc descriptor(description, engine);
  return prepare(descriptor, shapes, 4, engine, stream);
}

Work lstm(memory::dim hidden, const dnnl::engine &engine, dnnl::stream &stream) {
  Shapes shapes{hidden, 4};
  dnnl::lstm_forward::desc description(
      dnnl::prop_kind::forward_inference, dnnl::rnn_direction::unidirectional_left2right,
      shapes.input(), memory::desc(), memory::desc(), any(shapes.weights()), any(shapes.weights()),
      shapes.bias(4), shapes.input(), memory::desc(), memory::desc());
  dnnl::lstm_forward::primitive_desc descriptor(description, engine);
  return prepare(descriptor, shapes, 4, engine, stream);
}

double now() {
  using clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(clock::now().time_since_epoch()).count();
}

// The processor time of this process, in seconds.
double processorTime() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// The median time of a run, in seconds, after one to warm up.
double medianTime(Work &work, dnnl::stream &stream, double seconds, bool countsProcessorTime) {
  auto run = [&] {
    work.primitive.execute(stream, work.arguments);
    stream.wait();
  };
  run();
  std::vector<double> times;
  for (double start = now(); times.size() < 3 || now() - start < seconds;) {
    double runStart = now(), processorStart = processorTime();
    run();
    times.push_back(countsProcessorTime ? processorTime() - processorStart : now() - runStart);
  }
  std::sort(times.begin(), times.end());
  return (times[(times.size() - 1) / 2] + times[times.size() / 2]) / 2;
}

} // namespace

int main(int count, char **values) {
  if (count < 3) {
    std::fprintf(stderr, "usage: %s FIGURES.jsonl SECONDS [--processor-time]\n", values[0]);
    return 64;
  }
  FILE *file = std::fopen(values[1], "w");
  if (!file) {
    std::perror(values[1]);
    return 74;
  }
  double seconds = std::atof(values[2]);
  bool countsProcessorTime = count > 3;
  constexpr memory::dim hidden = 256;
  for (int threads : {1, 2}) {
    if (countsProcessorTime && threads > 1) break;
    omp_set_num_threads(threads);
    dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    dnnl::stream stream(engine);
    for (std::string cell : {"gru", "lstm"}) {
      Work work = (cell == "gru" ? gru : lstm)(hidden, engine, stream);
      double rate = stepCount * batchSize / medianTime(work, stream, seconds, countsProcessorTime);
      const char *line = "{\"program\": \"onednn\", \"work\": \"inference-fixed\", \"cell\": \"%s\", "
                         "\"threads\": %d, \"value\": %.1f, \"unit\": \"tokens/s\"}\n";
      std::fprintf(file, line, cell.c_str(), threads, rate);
      std::printf(line, cell.c_str(), threads, rate);
    }
  }
  return std::fclose(file) == 0 ? 0 : 74;
}
