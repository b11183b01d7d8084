'use strict';

const byId = id => document.getElementById(id);
const log = byId('log'), form = byId('ask'), question = byId('question'), send = byId('send');
const stages = [['queue', 'queue'], ['search', 'search'], ['restore', 'restore'], ['prefill', 'prefill'], ['decode', 'decode']];
let running = null, conversation = newId(), known = []; // the passages of the whole conversation: later answers may cite them

/* The documents */

let notice = null;
async function showStatus() {
  try {
    const response = await fetch('api/status');
    if (!response.ok) throw new Error(response.statusText);
    const status = await response.json();
    byId('folder').textContent = status.folder;
    document.title = `Ask ${status.folder}`;
    const indexing = status.indexing;
    const count = `${plural(status.documents, 'document')}, ${plural(status.chunks, 'chunk')}`;
    byId('status').textContent =
      status.problem ?? notice ?? (indexing ? `Reading ${indexing.done} of ${plural(indexing.total, 'file')}: ${indexing.path}` : `${count} · ${status.model}`);
    byId('indexing').hidden = !indexing;
    byId('indexing').value = indexing ? indexing.done / Math.max(1, indexing.total) : 0;
    const leftOut = byId('leftOut');
    leftOut.hidden = status.leftOut.length === 0;
    leftOut.querySelector('summary').textContent = `${plural(status.leftOut.length, 'file')} not searched`;
    leftOut.querySelector('ul').replaceChildren(...status.leftOut.map(one => element('li', `${one.path}: ${one.reason}`)));
    setTimeout(showStatus, indexing ? 400 : 3000);
  } catch {
    byId('status').textContent = 'The server does not answer. Is it still running?';
    setTimeout(showStatus, 3000);
  }
}

async function addFiles(files) {
  if (files.length === 0) return;
  const body = new FormData();
  for (const file of files) body.append('files', file);
  notice = `Adding ${plural(files.length, 'file')}…`;
  byId('status').textContent = notice;
  try {
    const response = await fetch('api/files', { method: 'POST', body });
    if (response.status === 413) throw new Error('The files are too large together.');
    if (!response.ok) throw new Error(await response.text() || response.statusText);
    const result = await response.json();
    notice = [`${plural(result.added, 'file')} added.`, ...result.problems].join(' ');
  } catch (error) {
    notice = `The files were not added: ${error.message}`;
  }
  byId('status').textContent = notice;
  setTimeout(() => { notice = null; }, 6000);
}

byId('files').addEventListener('change', event => { addFiles(event.target.files); event.target.value = ''; });
addEventListener('dragover', event => { event.preventDefault(); byId('drop').hidden = false; });
addEventListener('dragleave', event => { if (!event.relatedTarget) byId('drop').hidden = true; });
addEventListener('drop', event => { event.preventDefault(); byId('drop').hidden = true; addFiles(event.dataTransfer.files); });

/* Questions and answers */

form.addEventListener('submit', event => {
  event.preventDefault();
  if (running) { running.abort(); return; }
  const text = question.value.trim();
  if (text) ask(text);
});

question.addEventListener('keydown', event => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); if (!running) form.requestSubmit(); }
});

addEventListener('keydown', event => { if (event.key === 'Escape' && running && !byId('passage').open) running.abort(); });

byId('fresh').addEventListener('click', () => {
  running?.abort();
  conversation = newId();
  known = [];
  log.replaceChildren();
  byId('fresh').hidden = true;
  byId('welcome').hidden = false;
  question.focus();
});

async function ask(text) {
  byId('welcome').hidden = true;
  byId('fresh').hidden = false;
  const turn = byId('turn').content.firstElementChild.cloneNode(true);
  const part = name => turn.querySelector('.' + name);
  part('question').textContent = text;
  log.append(turn);
  question.value = '';
  running = new AbortController();
  send.textContent = 'Stop';
  let answer = '', passages = [], thoughts = '';
  const follow = () => { if (innerHeight + scrollY > document.body.scrollHeight - 160) scrollTo(0, document.body.scrollHeight); };
  turn.scrollIntoView({ block: 'nearest' });
  try {
    for await (const event of postForEvents('api/ask', { text, conversation }, running.signal)) {
      switch (event.name) {
        case 'passages':
          passages = event.data;
          known = [...known.filter(one => passages.every(other => other.number !== one.number)), ...passages];
          break;
        case 'reasoning':
          thoughts += event.data.text;
          part('reasoning').hidden = false;
          part('reasoning').querySelector('p').textContent = thoughts;
          break;
        case 'text':
          answer += event.data.text;
          showAnswer(part('answer'), answer, known);
          break;
        case 'answer':
          showSources(part('sources'), known.filter(one => passages.includes(one) || event.data.cited.includes(one.number)), event.data.cited);
          showFigures(part('figures'), event.data);
          if (event.data.finishReason === 'length') problem('The answer was cut: it reached the most tokens that it may have.');
          break;
        case 'problem':
          problem(event.data.text);
          break;
      }
      follow();
    }
  } catch (error) {
    problem(error.name === 'AbortError' ? 'Stopped.' : `The answer did not arrive: ${error.message}`);
  } finally {
    turn.classList.add('done');
    running = null;
    send.textContent = 'Ask';
    follow();
    question.focus({ preventScroll: true });
  }

  function problem(message) {
    part('problem').hidden = false;
    part('problem').textContent = message;
  }
}

/** The answer's text. Each mark such as [2] becomes a button that opens its passage. */
function showAnswer(target, text, passages) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(/\[(\d+)\]/g)) {
    const passage = passages.find(one => one.number === Number(match[1]));
    if (!passage) continue;
    parts.push(text.slice(end, match.index), passageButton(passage, match[1], 'secondary cite', `Passage ${match[1]}: ${place(passage)}`));
    end = match.index + match[0].length;
  }
  target.replaceChildren(...parts, text.slice(end));
}

function showSources(target, passages, cited) {
  target.replaceChildren(...passages.map(passage => {
    const item = document.createElement('li');
    item.append(passageButton(passage, `${passage.number} · ${place(passage)}`, cited.includes(passage.number) ? 'secondary cited' : 'secondary'));
    return item;
  }));
}

function passageButton(passage, text, classes, label) {
  const button = element('button', text);
  button.type = 'button';
  button.className = classes;
  if (label) button.setAttribute('aria-label', label);
  button.addEventListener('click', () => openPassage(passage));
  return button;
}

function openPassage(passage) {
  byId('passageTitle').textContent = place(passage);
  byId('passageTrail').textContent = [passage.trail, `score ${passage.score.toFixed(2)}`].filter(Boolean).join(' · ');
  byId('passageLines').replaceChildren(...passage.text.split('\n').map((line, i) => {
    const item = document.createElement('li');
    item.append(element('span', passage.startLine + i), element('div', line));
    return item;
  }));
  byId('passage').showModal();
}

function showFigures(target, figures) {
  const shown = stages.map(([name, title]) => ({ name, title, ms: figures[name] }));
  target.querySelector('.times').replaceChildren(...shown.map(one => {
    const bar = document.createElement('div');
    bar.className = one.name;
    bar.style.flexGrow = one.ms;
    return bar;
  }));
  target.querySelector('.times').setAttribute('aria-label', shown.map(one => `${one.title} ${duration(one.ms)}`).join(', '));
  const legend = shown.map(one => {
    const entry = element('span', '');
    const dot = document.createElement('i');
    dot.className = one.name;
    entry.append(dot, `${one.title} ${duration(one.ms)}`);
    return entry;
  });
  target.querySelector('.legend').replaceChildren(
    ...legend, element('span', `${figures.cachedTokens} of ${figures.promptTokens} tokens of the prompt were reused`), element('span', `${plural(figures.generatedTokens, 'token')} written`),
    ...(figures.host ? [element('span', `answered by ${figures.host}`)] : []));
  target.hidden = false;
}

/* Helpers */

/** Sends JSON and yields the events of the answer. */
async function* postForEvents(url, body, signal) {
  const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal });
  if (!response.ok) throw new Error(await response.text() || response.statusText);
  let rest = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    rest += read.value;
    const events = rest.split('\n\n');
    rest = events.pop();
    for (const text of events) {
      const lines = text.split('\n');
      const of = field => lines.filter(line => line.startsWith(field + ': ')).map(line => line.slice(field.length + 2)).join('\n');
      yield { name: of('event'), data: JSON.parse(of('data')) };
    }
  }
}

/** An id that nobody guesses. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
}

function place(passage) {
  if (passage.page) return `${passage.path}, page ${passage.page}`;
  return passage.startLine === passage.endLine ? `${passage.path}:${passage.startLine}` : `${passage.path}:${passage.startLine}-${passage.endLine}`;
}

function duration(ms) {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : ms >= 10 || ms === 0 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

function plural(count, word) {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

showStatus();
