/* On a shared device: a page that nobody touches clears itself. Keeps nothing, sends nothing. */
(function () {
  'use strict';
  var doc = document;
  var REST = 2000; // milliseconds without a touch that are a pause of the hands
  var box = doc.querySelector('[data-idle]');
  if (!box) { return; }
  var limit = Number(box.getAttribute('data-idle')) * 1000;
  var warn = Number(box.getAttribute('data-warn')) * 1000;
  var notice = box.querySelector('[data-notice]');
  var stay = box.querySelector('[data-stay]');
  var came = Date.now();
  var touched = came;
  var over = false;

  function look() {
    var now = Date.now();
    if (over) { return; }
    if (now - touched >= limit) {
      over = true;
      doc.querySelector('a[data-exit]').click();
      return;
    }
    var quiet = now - touched < limit - warn;
    var isNew = notice.hidden && !quiet;
    notice.hidden = quiet;
    if (isNew) { notice.scrollIntoView(false); }
    // Whoever writes for an hour on one page does not lose it: in a pause of the hands it is kept,
    // and the hour begins anew. Never between two keys, nor between a press and its click.
    if (stay && now - came >= limit - warn && now - touched >= REST && now - touched < warn) {
      over = true;
      stay.click();
    }
  }
  function touch() {
    look(); // a device that slept wakes up with a touch: the page may be over by then
    if (!over) {
      touched = Date.now();
      notice.hidden = true;
    }
  }
  ['keydown', 'mousedown', 'touchstart', 'wheel', 'input'].forEach(function (kind) {
    doc.addEventListener(kind, touch, true);
  });
  doc.addEventListener('visibilitychange', look);
  setInterval(look, 1000);
})();
