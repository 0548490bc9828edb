/* Reads a page aloud when somebody asks for it: with a voice that the browser says is on this
   device, and no other, so that no word is sent anywhere. */
(function () {
  'use strict';
  var doc = document;
  var bar = doc.querySelector('[data-aloud]');
  var main = doc.querySelector('main');
  var synth = window.speechSynthesis;
  if (!bar || !synth || !window.SpeechSynthesisUtterance) { return; }

  var BLOCKS = 'h1, h2, h3, p, li, dt, dd, legend, label, summary, button, .button, figcaption, ' +
    'blockquote, main';
  // Not what somebody typed, nor what is there for the eyes alone.
  var UNSAID = '[data-aloud], .hidden, [hidden], [aria-hidden="true"], textarea, select, script';
  var button = null;
  var reading = null; // what is being read, as long as it is

  function base(tag) {
    return tag.toLowerCase().split(/[-_]/)[0];
  }

  /* A voice of this device in the language of the page; null when there is none. */
  function voice() {
    var language = base(doc.documentElement.lang);
    var fitting = synth.getVoices().filter(function (one) {
      return one.localService === true && base(one.lang) === language;
    });
    return fitting.filter(function (one) { return one.default; })[0] || fitting[0] || null;
  }

  function isFolded(element) {
    return element.closest('details:not([open])') && !element.closest('summary');
  }

  /* The page in its order: for each heading, paragraph, label or button its words. */
  function parts() {
    var walker = doc.createTreeWalker(main, NodeFilter.SHOW_TEXT, null, false);
    var found = [];
    var node;
    while ((node = walker.nextNode())) {
      var words = node.nodeValue.replace(/\s+/g, ' ');
      var parent = node.parentElement;
      var block = parent.closest(BLOCKS);
      var last = found[found.length - 1];
      if (parent.closest(UNSAID) || !parent.getClientRects().length || isFolded(parent)) {
        continue;
      } else if (last && last.block === block) {
        last.words += words;
      } else if (words.trim()) {
        found.push({ block: block, words: words });
      }
    }
    return found;
  }

  function mark(part, on) {
    if (part && part.block !== main) { part.block.classList[on ? 'add' : 'remove']('spoken'); }
  }

  function stop() {
    if (reading) { mark(reading.part, false); }
    reading = null;
    synth.cancel();
    if (button) { button.textContent = bar.getAttribute('data-aloud'); }
  }

  function say(turn, left, speaker) {
    mark(turn.part, false);
    if (reading !== turn) { return; }
    if (!left.length) { stop(); return; }
    turn.part = left[0];
    mark(turn.part, true);
    var words = new window.SpeechSynthesisUtterance(turn.part.words.trim());
    words.voice = speaker;
    words.lang = speaker.lang;
    words.onend = function () { say(turn, left.slice(1), speaker); };
    words.onerror = function () { if (reading === turn) { stop(); } };
    turn.words = words; // some browsers forget an utterance that nothing holds, and its end with it
    synth.speak(words);
  }

  function press() {
    var speaker = voice();
    if (reading || !speaker) { stop(); return; }
    synth.cancel();
    reading = {};
    button.textContent = bar.getAttribute('data-stop');
    say(reading, parts(), speaker);
  }

  function offer() {
    if (button || !voice()) { return; }
    button = doc.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = bar.getAttribute('data-aloud');
    button.addEventListener('click', press);
    bar.appendChild(button);
    var note = doc.createElement('span');
    note.className = 'hint';
    note.textContent = bar.getAttribute('data-note');
    bar.appendChild(note);
  }

  /* Silence before anything else happens: exit, another page, another tab. */
  doc.addEventListener('submit', stop, true);
  doc.addEventListener('click', function (event) {
    var target = event.target;
    if (target.closest && target.closest('a[href]')) { stop(); }
  }, true);
  doc.addEventListener('visibilitychange', function () {
    if (doc.visibilityState === 'hidden') { stop(); }
  });
  window.addEventListener('pagehide', stop);

  stop(); // whatever another page left
  offer();
  if (synth.addEventListener) { synth.addEventListener('voiceschanged', offer); }
})();
