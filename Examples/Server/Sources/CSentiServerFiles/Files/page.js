// The page: it asks this server, and shows texts as text, never as HTML.
const find = (id) => document.getElementById(id);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let token = "";

const percent = (value) => `${(100 * value).toFixed(1)} %`;
const signed = (value) => `${value < 0 ? "\u2212" : "+"}${Math.abs(value).toFixed(2)}`;
const element = (name, text = "", className = "") => {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
};

function show(id, problem) {
  find(id).textContent = problem ? problem.message : "";
  find(id).hidden = !problem;
}

async function ask(path, type, body, signal) {
  const headers = { "content-type": type };
  if (token) headers.authorization = `Bearer ${token}`;
  let response;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    response = await fetch(path, { method: "POST", headers, body, signal });
    if (response.status !== 429 && response.status !== 503) break;
    const seconds = Number(response.headers.get("retry-after")) || 1;
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    signal.throwIfAborted();
  }
  if (response.ok) return response;
  if (response.status === 401) find("access").hidden = false;
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.title ? `${problem.title}: ${problem.detail}` : `Status ${response.status}`);
}

// A text

const limit = 16384;
let asking;
let pause;

function changed() {
  clearTimeout(pause);
  asking?.abort();
  pause = setTimeout(explain, 250);
}

async function explain() {
  const bytes = encoder.encode(find("text").value);
  show("text-problem");
  if (!find("text").value.trim()) {
    find("answer").hidden = true;
    return;
  }
  asking = new AbortController();
  find("answer").classList.add("busy");
  try {
    const isLong = bytes.length > limit;
    const text = find("text").value;
    const response = isLong
      ? await ask("v1/classify", "text/plain; charset=utf-8", text, asking.signal)
      : await ask(
          "v1/explain", "application/json", JSON.stringify({ text, sentences: true }),
          asking.signal);
    showAnswer(await response.json(), bytes);
  } catch (error) {
    if (error.name === "AbortError") return;
    find("answer").hidden = true;
    show("text-problem", error);
  }
  find("answer").classList.remove("busy");
}

function showAnswer(answer, bytes) {
  const verdict = find("verdict");
  const doubt = answer.probability < 0.6 ? "unsure" : answer.probability < 0.8 ? "fairly sure" : "sure";
  verdict.textContent = answer.label;
  const words = answer.unknown_tokens ? `, ${answer.unknown_tokens} of ${answer.tokens} words unknown` : "";
  verdict.append(element("small", `${percent(answer.probability)}: ${doubt}${words}`));
  const bars = [];
  for (const [label, probability] of Object.entries(answer.probabilities)) {
    const bar = element("progress");
    [bar.max, bar.value] = [1, probability];
    bar.setAttribute("aria-label", label);
    const cell = element("dd");
    cell.append(bar);
    bars.push(element("dt", label), cell, element("dd", percent(probability)));
  }
  find("probabilities").replaceChildren(...bars);
  showWords(answer.words ?? [], bytes);
  showSentences(answer.sentences ?? [], bytes);
  find("answer").hidden = false;
}

function showWords(words, bytes) {
  const pieces = [];
  let end = 0;
  const greatest = Math.max(0, ...words.map((word) => Math.abs(word.contribution)));
  for (const word of words) {
    const level = greatest ? Math.round((5 * Math.abs(word.contribution)) / greatest) : 0;
    if (!level) continue;
    pieces.push(decoder.decode(bytes.subarray(end, word.start)));
    const mark = element(
      "span", decoder.decode(bytes.subarray(word.start, word.end)),
      `${word.contribution > 0 ? "for" : "against"} l${level}`);
    mark.title = signed(word.contribution);
    pieces.push(mark);
    end = word.end;
  }
  pieces.push(decoder.decode(bytes.subarray(end)));
  find("words").replaceChildren(...pieces);
}

function showSentences(sentences, bytes) {
  const rows = sentences.map((sentence) => {
    const row = element("tr");
    row.append(
      element("td", signed(sentence.effect)), element("td", percent(sentence.probability)),
      element("td", decoder.decode(bytes.subarray(sentence.start, sentence.end)).trim()));
    return row;
  });
  find("sentences").querySelector("tbody").replaceChildren(...rows);
  find("sentences").hidden = rows.length < 2;
}

// A table

const types = { csv: "text/csv", tsv: "text/tab-separated-values", jsonl: "application/x-ndjson" };
let table;
let scoring;

// Finds where rows end: at line feeds outside of quotes, which open at the start of a field only.
function rowEnds(bytes, quoted) {
  const ends = [];
  let open = false;
  let mayOpen = true;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (open) {
      open = byte !== 34;
      mayOpen = !open;
      continue;
    }
    open = byte === 34 && quoted && mayOpen;
    if (byte === 10) ends.push(index + 1);
    mayOpen = byte === 10 || byte === 44 || byte === 9 || byte === 59 || byte === 124;
  }
  return ends;
}

function fields(row, delimiter) {
  const found = [];
  let [value, open] = ["", false];
  for (let index = 0; index < row.length; index += 1) {
    const character = row[index];
    if (open) {
      if (character !== '"') value += character;
      else if (row[index + 1] === '"') [value, index] = [value + '"', index + 1];
      else open = false;
    } else if (character === '"' && value === "") open = true;
    else if (character === delimiter) [value] = ["", found.push(value)];
    else if (character !== "\r" && character !== "\n") value += character;
  }
  found.push(value);
  return found;
}

async function take(file) {
  if (!file) return;
  show("table-problem");
  find("report").hidden = true;
  const name = file.name.toLowerCase();
  const format = name.endsWith("l") || name.endsWith("ndjson") ? "jsonl" : /\.(tsv|tab)$/.test(name) ? "tsv" : "csv";
  const start = new Uint8Array(await file.slice(0, 1 << 20).arrayBuffer());
  const end = rowEnds(start, format !== "jsonl")[0] ?? start.length;
  const first = decoder.decode(start.subarray(0, end)).replace(/^\ufeff/, "");
  let names;
  let delimiter = ",";
  if (format === "jsonl") {
    try { names = Object.keys(JSON.parse(first)); } catch { names = []; }
  } else {
    delimiter = [",", "\t", ";", "|"].map((one) => [fields(first, one).length, one]).sort((a, b) => b[0] - a[0])[0][1];
    names = fields(first, delimiter);
  }
  if (!names.length) return show("table-problem", new Error("The file has no header, and no objects"));
  table = { file, format, delimiter, names, header: format === "jsonl" ? new Uint8Array() : start.slice(0, end) };
  const likely = names.find((one) => /^(text|review|comment|body|content|message)s?$/i.test(one)) ?? names[0];
  find("field").replaceChildren(...names.map((one) => new Option(one, one, false, one === likely)));
  find("table-name").textContent = `${file.name}, ${file.size.toLocaleString()} bytes`;
  find("table-form").hidden = false;
  find("field").focus();
}

// Slices of whole rows, each of half a mebibyte or one row.
async function* slices({ file, format, header }) {
  let rest = new Uint8Array();
  for (let start = header.length; start < file.size; start += 1 << 19) {
    const piece = new Uint8Array(await file.slice(start, start + (1 << 19)).arrayBuffer());
    const bytes = new Uint8Array(rest.length + piece.length);
    bytes.set(rest);
    bytes.set(piece, rest.length);
    const isLast = start + (1 << 19) >= file.size;
    const end = isLast ? bytes.length : (rowEnds(bytes, format !== "jsonl").at(-1) ?? 0);
    if (end) yield bytes.subarray(0, end);
    rest = bytes.slice(end);
  }
}

async function score(event) {
  event.preventDefault();
  scoring = new AbortController();
  const { file, format, delimiter, header } = table;
  const field = find("field").value;
  const report = { counts: new Map(), rows: 0, errors: 0, firstError: "", worst: [], parts: [] };
  show("table-problem");
  [find("report").hidden, find("progress").hidden, find("cancel").hidden] = [true, false, false];
  find("score").disabled = true;
  try {
    let done = header.length;
    for await (const slice of slices(table)) {
      const response = await ask(
        `v1/classify?text-field=${encodeURIComponent(field)}`, types[format],
        new Blob([header, slice]), scoring.signal);
      const scored = new Uint8Array(await response.arrayBuffer());
      add(scored, format, delimiter, field, report);
      done += slice.length;
      find("progress").querySelector("progress").value = done / file.size;
      find("progress-text").textContent = `${report.rows.toLocaleString()} rows, ${percent(done / file.size)}`;
    }
    showReport(report);
  } catch (error) {
    if (error.name !== "AbortError") show("table-problem", error);
    find("progress").hidden = true;
  }
  find("cancel").hidden = true;
  find("score").disabled = false;
}

function add(scored, format, delimiter, field, report) {
  const ends = rowEnds(scored, format !== "jsonl");
  if (ends.at(-1) !== scored.length) ends.push(scored.length);
  const hasHeader = format !== "jsonl";
  report.parts.push(hasHeader && report.parts.length ? scored.slice(ends[0]) : scored);
  let start = 0;
  let names = [];
  for (const [index, end] of ends.entries()) {
    const line = decoder.decode(scored.subarray(start, end));
    start = end;
    if (!line.trim()) continue;
    let row = {};
    if (!hasHeader) {
      try { row = JSON.parse(line); } catch { row = {}; }
    } else if (index === 0) {
      names = fields(line, delimiter);
      continue;
    } else {
      const values = fields(line, delimiter);
      names.forEach((name, place) => { row[name] = values[place]; });
    }
    count(row, field, report);
  }
}

function count(row, field, report) {
  report.rows += 1;
  const error = row.senti_error ?? row.error;
  if (error) {
    report.errors += 1;
    report.firstError ||= error;
    return;
  }
  const label = row.senti_label ?? row.label;
  report.counts.set(label, (report.counts.get(label) ?? 0) + 1);
  report.worst.push([Number(row.senti_score ?? row.score), String(row[field])]);
  if (report.worst.length > 1000) report.worst = lowest(report.worst);
}

const lowest = (rows) => rows.sort((one, other) => one[0] - other[0]).slice(0, 10);

function showReport(report) {
  const rows = [];
  const all = [...report.counts].sort();
  if (report.errors) all.push([`not scored (${report.firstError})`, report.errors]);
  for (const [label, number] of all) {
    const bar = element("progress");
    [bar.max, bar.value] = [report.rows, number];
    bar.setAttribute("aria-label", label);
    const cell = element("dd");
    cell.append(bar);
    rows.push(
      element("dt", label), cell,
      element("dd", `${number.toLocaleString()}, ${percent(number / report.rows)}`));
  }
  find("counts").replaceChildren(...rows);
  find("worst").querySelector("ol").replaceChildren(
    ...lowest(report.worst).map(([value, text]) => element("li", `${signed(value)} ${text.slice(0, 300)}`)));
  const link = find("download");
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob(report.parts, { type: types[table.format] }));
  link.download = `scored-${table.file.name}`;
  find("report").hidden = false;
  link.focus();
}

// What people do

find("text").addEventListener("input", changed);
for (const button of document.querySelectorAll(".examples button")) {
  button.addEventListener("click", () => {
    find("text").value = button.textContent;
    changed();
  });
}
find("file").addEventListener("change", (event) => take(event.target.files[0]));
find("table-form").addEventListener("submit", score);
find("cancel").addEventListener("click", () => scoring?.abort());
find("access").addEventListener("submit", (event) => {
  event.preventDefault();
  token = find("token").value;
  find("access").hidden = true;
  changed();
});
for (const id of ["drop", "text"]) {
  const place = find(id);
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", async (event) => {
    event.preventDefault();
    place.classList.remove("over");
    const file = event.dataTransfer.files[0];
    if (id === "drop") return take(file);
    find("text").value = file
      ? await file.slice(0, 1 << 20).text()
      : event.dataTransfer.getData("text");
    changed();
  });
}
// A file that is dropped beside must not take the page's place.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => event.preventDefault());
fetch("health/ready").then((response) => response.json()).then((health) => {
  if (health.model) find("model").textContent = `Model: ${health.model}`;
}).catch(() => {});
