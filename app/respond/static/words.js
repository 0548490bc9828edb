/* Beside a box for writing: asks about words that could show who somebody is (R72). On this device
   alone: it sends nothing and keeps nothing. `app/consultation/identifying.py` does the same where this
   does not run; it knows the numbers of countries and of support services, which this does not. */
(function () {
  'use strict';
  var doc = document;
  var settings = doc.querySelector('input[name="asked_by"]');
  var form = settings && settings.form;
  if (!form) { return; }

  var PAUSE = 700; // milliseconds without a key before anything is said
  var TAKEN_OUT = '[\u2026]';
  var ZEROS = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xe50, 0x1040, 0x17e0, 0xff10];
  var CHAR = '[^\\s.,;:!?@/()<>\\[\\]"\'\u201c\u201d\u00ab\u00bb\u2026\u060c\u061b\u061f\u0964#=]';
  var PART = CHAR + '{1,63}';
  var REST = '[^\\s<>"\'\u201c\u201d\u00ab\u00bb]{1,200}';
  var BEFORE = '(^|[\\s(<\\["\'\u201c\u00ab';
  var ADDRESSES = new RegExp(
    '()([^\\s@,;:()<>\\[\\]"\'\u201c\u201d\u00ab\u00bb/=]{1,64}@' + PART + '(?:\\.' + PART + '){1,4}' +
    '|(?:https?://|www\\.)' + REST + ')' +
    '|' + BEFORE + '])((?:' + PART + '\\.){1,4}(?:' +
    '(?:com|org|net|edu|gov|info|app)(?:\\.[a-z]{2})?(?![\\w-])(?:/' + REST + ')?' +
    '|(?:ac|co|or|go|gob|sch|ne|school)\\.[a-z]{2}(?![\\w-])(?:/' + REST + ')?' +
    '|(?:me|be|ly|gg|io|tv|gl)/' + REST + '))', 'gi');
  var HANDLES = new RegExp(
    BEFORE + '\u060c\u061b,;:!?=/-])(@(?![0-9])(?:' + CHAR + '|\\.(?=' + CHAR + ')){2,40})' +
    '|(^|[^\\w.])([a-z0-9][a-z0-9.]{0,30}_[\\w.]{0,30}[a-z0-9])' +
    '|()(' + CHAR + '{2,32}#[0-9]{4}(?![0-9]))', 'gi');
  var NUMBERS = new RegExp('()((?:\\+|\\((?=[0-9]{1,6} ?\\)))?[0-9](?:' +
    '[ \u00a0\u2000-\u200b\u202f.()/\\-\u2010-\u2015]{0,3}[0-9]){6,})', 'g');
  var MARKS_AFTER = /[.,;:!?)\u2026\u060c\u061b\u061f\u0964]+$/;
  var WELL_KNOWN = new RegExp('^(?:https?://)?(?:www\\.)?(?:discord|facebook|google|instagram|' +
    'messenger|pinterest|reddit|roblox|snapchat|telegram|tiktok|twitch|twitter|whatsapp|youtube)' +
    '\\.com/?$', 'i');
  var MONEY_BEFORE = /[$\u00a3\u00a5\u09f3\u20a0-\u20bf] ?$/;
  var MONEY_AFTER = /^ ?[%$\u00a3\u00a5\u09f3\u20a0-\u20bf]/;
  var HOURS_OR_DECIMAL = /^(?:\d{1,2}\.\d\d ?[-\u2013] ?\d{1,2}\.\d\d|\d\.\d+)$/;
  var YEARS_AND_DAYS =
    /^(?:(?:\d{1,2} )*(?:19|20)\d\d(?: \d{1,2}| (?:19|20)\d\d)+|(?:\d{1,2} )+(?:19|20)\d\d)$/;
  var ROUND_SUM = /^(?:[1-9]\d*000|[1-9]\d{0,2}(?: \d{3})* 000|[1-9]\d*00(?: [1-9]\d*00)+)$/;
  var COUNTED = /^[1-9]\d?(?: [1-9]\d?)+$/;
  var FREE_CALL = /^(?:00|0|1)?800/;

  /* --- looking --- */

  function latin(text) {
    return text.replace(/[\u0660-\uff19]/g, function (letter) {
      var code = letter.charCodeAt(0);
      for (var i = 0; i < ZEROS.length; i++) {
        if (code >= ZEROS[i] && code <= ZEROS[i] + 9) { return String(code - ZEROS[i]); }
      }
      return letter;
    });
  }

  function isCounted(groups) {
    var up = 0;
    var down = 0;
    for (var i = 1; i < groups.length; i++) {
      if (Number(groups[i]) > Number(groups[i - 1])) { up++; }
      if (Number(groups[i]) < Number(groups[i - 1])) { down++; }
    }
    return up === groups.length - 1 || down === groups.length - 1;
  }

  function isOrdinary(raw, text, start) {
    var groups = raw.match(/[0-9]+/g);
    var spaced = groups.join(' ');
    var end = start + raw.length;
    if (raw.charAt(0) === '+') { return false; }
    return HOURS_OR_DECIMAL.test(raw) || YEARS_AND_DAYS.test(spaced) || ROUND_SUM.test(spaced) ||
      (COUNTED.test(spaced) && isCounted(groups)) || FREE_CALL.test(groups.join('')) ||
      MONEY_BEFORE.test(text.slice(Math.max(0, start - 2), start)) ||
      MONEY_AFTER.test(text.slice(end, end + 2));
  }

  /* Every match of a pattern whose groups are: what stands before, what is looked for, and so on. */
  function spans(pattern, text, keep) {
    var found = [];
    var match;
    pattern.lastIndex = 0;
    while ((match = pattern.exec(text))) {
      var before = '';
      var raw = '';
      for (var i = 1; i < match.length; i += 2) {
        if (match[i + 1]) { before = match[i] || ''; raw = match[i + 1]; }
      }
      var start = match.index + before.length;
      raw = keep(raw, start);
      if (raw) { found.push([start, start + raw.length]); }
      if (raw === null) { pattern.lastIndex = match.index + 1; }
    }
    return found;
  }

  function find(text) {
    var plain = latin(text);
    var found = spans(ADDRESSES, text, function (raw) {
      return WELL_KNOWN.test(raw = raw.replace(MARKS_AFTER, '')) ? '' : raw;
    }).concat(spans(HANDLES, plain, function (raw) {
      return raw;
    }), spans(NUMBERS, plain, function (raw, start) {
      if (/[0-9],?$/.test(plain.slice(Math.max(0, start - 2), start))) { return null; }
      return isOrdinary(raw, plain, start) ? '' : raw;
    }));
    found.sort(function (a, b) { return a[0] - b[0] || b[1] - a[1]; });
    var end = 0;
    return found.filter(function (span) {
      var apart = span[0] >= end;
      if (apart) { end = span[1]; }
      return apart;
    });
  }

  /* --- asking --- */

  function add(parent, tag, words, kind) {
    var element = doc.createElement(tag);
    if (words) { element.textContent = words; }
    if (kind) { element.className = kind; }
    return parent.appendChild(element);
  }

  function watch(box) {
    var place = doc.createElement('div');
    var left = {}; // pieces that the person left as they are
    var shown = [];
    var timer;
    place.setAttribute('aria-live', 'polite');
    box.parentNode.insertBefore(place, box.nextSibling);

    function pieces() {
      var text = box.value;
      var found = {};
      find(text).forEach(function (span) { found[text.slice(span[0], span[1])] = true; });
      return Object.keys(found).filter(function (piece) { return !left[piece]; });
    }

    function clear(words) {
      shown = [];
      place.textContent = '';
      if (words) { add(place, 'p', words, 'hint'); }
    }

    function leave() {
      shown.forEach(function (piece) { left[piece] = true; });
      clear();
    }

    function takeOut() {
      var text = box.value;
      var taken = shown;
      find(text).reverse().forEach(function (span) {
        if (taken.indexOf(text.slice(span[0], span[1])) >= 0) {
          text = text.slice(0, span[0]) + TAKEN_OUT + text.slice(span[1]);
        }
      });
      box.value = text;
      var typed = doc.createEvent('Event');
      typed.initEvent('input', true, false);
      box.dispatchEvent(typed);
      clear(settings.getAttribute('data-taken'));
      box.focus();
    }

    function button(parent, words, action) {
      var made = add(parent, 'button', settings.getAttribute(words), 'button other');
      made.type = 'button';
      made.addEventListener('click', action);
    }

    /* Returns the pieces that were not on screen before. */
    function look() {
      var found = pieces();
      var fresh = found.filter(function (piece) { return shown.indexOf(piece) < 0; });
      clearTimeout(timer);
      if (!found.length) { clear(); }
      if (!fresh.length && found.length === shown.length) { return fresh; }
      clear();
      if (!found.length) { return fresh; }
      var hint = add(place, 'div', '', 'look-again');
      hint.tabIndex = -1;
      add(hint, 'p', settings.getAttribute('data-ask'));
      var quote = add(hint, 'blockquote');
      quote.dir = 'auto';
      quote.setAttribute('translate', 'no');
      found.forEach(function (piece) {
        add(quote, 'mark', piece);
        quote.appendChild(doc.createTextNode(' '));
      });
      var buttons = add(hint, 'div', '', 'equal two');
      button(buttons, 'data-take', takeOut);
      button(buttons, 'data-leave', function () {
        leave();
        box.focus();
      });
      shown = found;
      return fresh;
    }

    box.addEventListener('input', function () {
      clearTimeout(timer);
      var still = pieces();
      if (shown.length && !shown.some(function (piece) { return still.indexOf(piece) >= 0; })) {
        clear();
      }
      timer = setTimeout(look, PAUSE);
    });

    // What stood here when the page came was asked about before.
    pieces().forEach(function (piece) { left[piece] = true; });

    return { look: look, leave: leave, place: place };
  }

  var boxes = Array.prototype.map.call(
    form.querySelectorAll('textarea, input[type="text"]:not([inputmode])'), watch);
  var pressed = null;
  doc.addEventListener('click', function (event) {
    var target = event.target;
    while (target && target.nodeName !== 'BUTTON') { target = target.parentNode; }
    pressed = target;
  }, true);

  /* "Continue" waits once when something has not been on screen yet; then it goes on. */
  form.addEventListener('submit', function (event) {
    var button = event.submitter || pressed;
    if (button && button.value && button.value !== 'continue') { return; }
    var waiting = boxes.filter(function (box) { return box.look().length; });
    if (waiting.length) {
      event.preventDefault();
      event.stopPropagation();
      waiting[0].place.firstChild.focus();
      return;
    }
    boxes.forEach(function (box) { box.leave(); });
  });

  // Says that this script asks, whatever is typed; without it the server does.
  settings.value = 'page';
})();
