/* Adds to pages that work without it. Keeps nothing, sends nothing. */
(function () {
  'use strict';
  var doc = document;
  var root = doc.documentElement;
  var PRESSES = 3;
  var WITHIN = 5000; // milliseconds from the first Shift to the last
  var WAIT = 5000; // how long a second press of the same button is ignored
  var leaving = false;

  function each(list, action) {
    Array.prototype.forEach.call(list, action);
  }

  /* Leave: blank in this very frame, then empty, then gone (R44). Nothing brings the page back,
     however long the way out takes (R55). */
  function leave() {
    if (leaving) { return; }
    leaving = true;
    var link = doc.querySelector('[data-exit]');
    var address = link ? link.getAttribute('href') : '/leave';
    root.className = 'leaving';
    root.style.background = 'Canvas';
    doc.title = '\u200e';
    each(doc.querySelectorAll('audio, video'), function (medium) { medium.pause(); });
    each(doc.querySelectorAll('link[rel~="icon"]'), function (icon) { icon.parentNode.removeChild(icon); });
    doc.body.textContent = '';
    location.replace(address);
  }

  function onPress(event) {
    var target = event.target;
    while (target && target !== doc) {
      if (target.hasAttribute && target.hasAttribute('data-exit')) {
        // Also for a middle click or Ctrl and click: never a second tab (R53).
        event.preventDefault();
        leave();
        return;
      }
      target = target.parentNode;
    }
  }
  doc.addEventListener('click', onPress, true);
  doc.addEventListener('auxclick', function (event) {
    if (event.button === 1) { onPress(event); }
  }, true);

  /* Shift three times (R47). Only whole presses of Shift alone count: Shift with a letter, a
     click or another key begins anew, and a key held down is one press. */
  var presses = [];
  var alone = false;
  function startAgain() {
    alone = false;
    presses = [];
    announce(false);
  }
  function announce(speak) {
    var line = doc.querySelector('[data-announce]');
    if (line) { line.textContent = speak ? line.getAttribute('data-announce') : ''; }
  }
  if (!root.hasAttribute('data-no-shortcut')) {
    doc.addEventListener('keydown', function (event) {
      if (event.key !== 'Shift' || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
        startAgain();
      } else if (!event.repeat) {
        alone = true;
      }
    }, true);
    doc.addEventListener('keyup', function (event) {
      if (event.key !== 'Shift' || !alone) { return; }
      alone = false;
      var now = Date.now();
      presses = presses.filter(function (time) { return now - time < WITHIN; });
      presses.push(now);
      if (presses.length >= PRESSES) { leave(); } else { announce(presses.length === PRESSES - 1); }
    }, true);
    doc.addEventListener('mousedown', startAgain, true);
  }

  /* A copy that the browser kept shows nothing and asks the server afresh (R46). */
  window.addEventListener('pagehide', function () { root.classList.add('gone'); });
  window.addEventListener('pageshow', function (event) {
    pressed = null;
    if (event.persisted) { location.reload(); } else { root.classList.remove('gone'); }
  });

  /* The same button twice in a row is sent once. Another button, or the same one after a few
     seconds, goes through: nobody is stuck on a slow line. */
  var pressed = null;
  doc.addEventListener('submit', function (event) {
    var button = event.submitter || doc.activeElement;
    if (pressed === button) { event.preventDefault(); return; }
    pressed = button;
    setTimeout(function () { pressed = null; }, WAIT);
  });

  /* How much room is left, once it gets tight. */
  each(doc.querySelectorAll('[data-length]'), function (line) {
    var box = doc.getElementById(line.getAttribute('data-for'));
    var most = Number(line.getAttribute('data-length'));
    var words = line.textContent;
    if (!box) { return; }
    box.addEventListener('input', function () {
      var left = most - Array.from(box.value).length;
      line.textContent = left > most / 5 ? words : line.getAttribute('data-left').replace('#', left);
    });
  });
})();
