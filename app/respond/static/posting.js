/* Sends a page and stays on it when that does not work: then the words are still there. Where this
   does not run, the browser sends the page itself. See docs/decisions/nothing-lost.md. */
(function () {
  'use strict';
  var doc = document;
  var notice = doc.querySelector('[data-not-sent]');
  var form = notice;
  while (form && form.nodeName !== 'FORM') { form = form.parentNode; }
  if (!form || !window.FormData) { return; }

  var GIVE_UP = 30000; // milliseconds without an answer
  var SLOW = 3000; // milliseconds before a person is told to wait
  var WRITING = 600000; // milliseconds of writing after which the server is told: still here
  var TOO_LONG = 413;
  var BROKEN = 500;
  var pressed = null;
  var sending = null;
  var slow;

  /* Exit was pressed: nothing here may stand in its way (R44). */
  function isLeaving() {
    return /\bleaving\b/.test(doc.documentElement.className);
  }

  function say(what) {
    notice.textContent = notice.getAttribute('data-' + what);
    notice.hidden = false;
  }

  function ask(method, address) {
    var request = new XMLHttpRequest();
    request.open(method, address);
    request.timeout = GIVE_UP;
    request.setRequestHeader('X-Step', '1');
    return request;
  }

  /* It was not sent: say so, and let the same button be pressed again at once. */
  function stay(why) {
    clearTimeout(slow);
    sending = null;
    if (isLeaving()) { return; }
    say(why);
    notice.focus();
    var again = doc.createEvent('Event');
    again.initEvent('again', false, false);
    doc.dispatchEvent(again);
  }

  /* The answer is a page and not a place to go to: let the browser show it. */
  function leaveToTheBrowser(button) {
    if (button && button.name) {
      var field = doc.createElement('input');
      field.type = 'hidden';
      field.name = button.name;
      field.value = button.value;
      form.appendChild(field);
    }
    // A question may be called "submit".
    HTMLFormElement.prototype.submit.call(form);
  }

  function send(button) {
    var words = new FormData(form);
    if (button && button.name) { words.append(button.name, button.value); }
    if (sending) { sending.abort(); }
    clearTimeout(slow);
    notice.hidden = true;
    var request = ask('POST', form.getAttribute('action') || location.pathname);
    sending = request;
    request.onload = function () {
      var place = request.getResponseHeader('X-Go');
      clearTimeout(slow);
      if (isLeaving()) {
        return;
      } else if (place) {
        location.assign(place);
      } else if (request.status >= BROKEN) {
        stay('full');
      } else if (request.status === TOO_LONG) {
        stay('long');
      } else {
        leaveToTheBrowser(button);
      }
    };
    request.onerror = request.ontimeout = function () { stay('away'); };
    slow = setTimeout(function () { if (!isLeaving()) { say('wait'); } }, SLOW);
    request.send(words);
  }

  doc.addEventListener('click', function (event) {
    var target = event.target;
    while (target && target.nodeName !== 'BUTTON') { target = target.parentNode; }
    pressed = target;
  }, true);

  // After every other script: one of them may hold the form back.
  window.addEventListener('submit', function (event) {
    var button = event.submitter || pressed;
    if (event.target !== form || event.defaultPrevented) { return; }
    if (button && button.hasAttribute('formaction')) { return; }
    event.preventDefault();
    send(button);
  });

  var here = notice.getAttribute('data-here');
  var told = Date.now();
  if (here) {
    form.addEventListener('input', function () {
      if (Date.now() - told < WRITING) { return; }
      told = Date.now();
      ask('GET', here).send();
    });
  }
})();
