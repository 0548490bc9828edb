/* Adds to pages that work without it. Keeps nothing, sends nothing. */
(function () {
  'use strict';
  var doc = document;
  var root = doc.documentElement;
  var PRESSES = 3;
  var WITHIN = 5000; // milliseconds from the first Shift to the last
  var PATIENCE = 4000; // milliseconds until another page stands in for the neutral site
  var WAIT = 5000; // milliseconds in which a second press of the same button is left out
  var leaving = false;
  var presses = [];
  var alone = false;
  var pressed = null;

  function each(selector, action) {
    Array.prototype.forEach.call(doc.querySelectorAll(selector), action);
  }

  function remove(node) { node.parentNode.removeChild(node); }

  /* Leave: blank in this very frame, then empty, then away (R44). Nothing here can bring the page
     back, however long the way out takes (R55). */
  function leave() {
    if (leaving) { return; }
    leaving = true;
    var link = doc.querySelector('a[data-exit]');
    var address = link ? link.href : '/leave';
    root.className = 'leaving';
    // Without a title a browser would show the address; this letter is not seen.
    doc.title = '\u200e';
    if (window.speechSynthesis) { window.speechSynthesis.cancel(); }
    each('audio, video', function (medium) { medium.pause(); });
    each('link[rel~="icon"]', remove);
    doc.body.textContent = '';
    function go() { location.replace(address); }
    if (navigator.onLine === false) {
      // An error of the browser would take this page's place, and nothing would end the session:
      // so wait here for the network, and ask all the same, should the browser be wrong.
      window.addEventListener('online', go);
      new Image().src = address;
      standIn();
    } else {
      go(); // this page stays, and its clock runs, until another one arrives
      setTimeout(standIn, PATIENCE);
    }
  }

  /* Today's date, plain, in the person's language, until the neutral site comes: it needs no
     network, and going on to it would end the way out that is still under way. */
  function standIn() {
    var day = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
    var today = new Date().toLocaleDateString(root.lang, day);
    each('link, script', remove);
    root.className = '';
    doc.title = today;
    doc.body.appendChild(doc.createElement('h1')).textContent = today;
  }

  function leaveIfExit(event) {
    var target = event.target;
    while (target && target.nodeType === 1) {
      if (target.hasAttribute('data-exit')) {
        // With Ctrl or the middle button too: never a second tab (R53).
        event.preventDefault();
        leave();
        return;
      }
      target = target.parentNode;
    }
  }
  doc.addEventListener('click', leaveIfExit, true);
  doc.addEventListener('auxclick', function (event) {
    if (event.button === 1) { leaveIfExit(event); }
  }, true);

  /* Shift three times (R47). Only whole presses of Shift alone count: Shift with a letter, a click
     or any other key begins anew, and a key held down is one press. */
  function announce(speak) {
    each('[data-announce]', function (line) {
      line.textContent = speak ? line.getAttribute('data-announce') : '';
    });
  }
  function beginAnew() {
    alone = false;
    if (presses.length) { announce(false); }
    presses = [];
  }
  if (!root.hasAttribute('data-no-shortcut')) {
    doc.addEventListener('keydown', function (event) {
      if (event.key !== 'Shift' || event.ctrlKey || event.altKey || event.metaKey) {
        beginAnew();
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
    doc.addEventListener('mousedown', beginAnew, true);
  }

  /* A copy that the browser kept shows nothing and asks the server afresh (R46). Not by a reload,
     which would ask to send a form again. */
  window.addEventListener('pagehide', function () { root.classList.add('gone'); });
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) {
      location.replace(location.href.split('#')[0]);
    } else {
      root.classList.remove('gone');
    }
  });

  /* The same button twice in a row is sent once. Another button goes through, and so does the same
     one after a few seconds: nobody is stuck. */
  doc.addEventListener('submit', function (event) {
    var button = event.submitter || doc.activeElement;
    if (pressed === button) {
      event.preventDefault();
      return;
    }
    pressed = button;
    setTimeout(function () {
      if (pressed === button) { pressed = null; }
    }, WAIT);
  });

  // It could not be sent (posting.js): the same button may be pressed again at once.
  doc.addEventListener('again', function () { pressed = null; });

  /* How much room is left in a box, once it gets tight. */
  each('[data-length]', function (line) {
    var box = doc.getElementById(line.getAttribute('data-for'));
    var most = Number(line.getAttribute('data-length'));
    var words = line.textContent;
    if (!box) { return; }
    box.addEventListener('input', function () {
      var left = most - Array.from(box.value).length;
      var say = line.getAttribute(left < 0 ? 'data-over' : 'data-left');
      line.textContent = left > most / 5 ? words : say.replace('#', Math.abs(left));
    });
  });
})();
