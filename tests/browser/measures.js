/* What a page gives to somebody who reads it small, large, spaced, in few colours or by keyboard.
   Each measure returns a list of lines, one for each fault; none when the page is right. */
'use strict';
window.measures = (() => {
  const CONTROLS = 'a[href], button, select, textarea, summary, input:not([type=hidden])';
  const SLACK = 1; // pixel of rounding
  const THINNEST_OUTLINE = 2; // pixels (WCAG 2.2, 2.4.13)

  const box = element => element.getBoundingClientRect();
  const every = (selector, within = document) => [...within.querySelectorAll(selector)];
  const shown = element => element.checkVisibility({ visibilityProperty: true });
  const brief = element =>
    `${element.outerHTML.match(/^<[^>]*>/)[0].slice(0, 100)} ${element.textContent.trim().slice(0, 40)}`;
  const say = (element, what) => `${what}: ${brief(element)}`;
  const isBox = element => element.matches('[type=radio], [type=checkbox]');
  const labelOf = element => document.querySelector(`label[for="${CSS.escape(element.id)}"]`);
  /* What a finger presses and an eye sees: of a radio button or box, its label. */
  const pressed = element => (isBox(element) ? labelOf(element) || element : element);
  const inBar = element => Boolean(element.closest('.exit-bar, .skip-link'));
  const controls = () => every(CONTROLS)
    .filter(element => shown(element) && !element.disabled && !element.closest('[aria-hidden=true]'));
  /* Words for screen readers alone: a box of one pixel. */
  const forEars = element => {
    for (let at = element; at; at = at.parentElement) {
      const size = box(at);
      if (size.width <= 1 && size.height <= 1 && getComputedStyle(at).overflow !== 'visible') {
        return true;
      }
    }
    return false;
  };

  function* texts() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      const parent = node.parentElement;
      if (node.data.trim() && shown(parent) && !parent.closest('script, style, option, textarea')) {
        yield [node, parent];
      }
    }
  }
  const rectangles = node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()];
  };

  /* A link inside a sentence may be as low as its line (WCAG 2.2, 2.5.8, inline). */
  const inSentence = element => {
    const sentence = element.closest('p');
    return element.matches('a') && sentence && sentence.textContent.trim() !== element.textContent.trim();
  };
  const targets = least => {
    const small = [];
    for (const element of controls()) {
      const area = pressed(element);
      const { width, height } = box(area);
      const tooSmall = width < least || height < least;
      if (tooSmall && !element.matches('.skip-link') && !inSentence(element)) {
        small.push(say(element, `${Math.round(width)}x${Math.round(height)}`));
      }
    }
    return small;
  };
  const sentences = () => controls().filter(inSentence).map(link => link.getAttribute('href'));

  /* Two controls where one would be pressed for the other. */
  const overlaps = () => {
    const areas = controls().filter(element => !inBar(element)).map(pressed);
    const found = [];
    areas.forEach((one, number) => {
      const a = box(one);
      for (const other of areas.slice(number + 1)) {
        const b = box(other);
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > SLACK && high > SLACK && !one.contains(other) && one !== other) {
          found.push(`${say(one, 'lies on another')} / ${brief(other)}`);
        }
      }
    });
    return found;
  };

  const exit = least => {
    const link = document.querySelector('.exit');
    const found = [];
    for (const place of [0, 0.5, 1]) {
      scrollTo(0, place * document.documentElement.scrollHeight);
      const b = box(link);
      const inside = b.top >= 0 && b.left >= 0 && b.bottom <= innerHeight && b.right <= innerWidth;
      const top = document.elementFromPoint((b.left + b.right) / 2, (b.top + b.bottom) / 2);
      if (!inside || !(top && top.closest('[data-exit]')) || b.height < least) {
        found.push(`the exit is not in sight at ${place}`);
      }
    }
    scrollTo(0, 0);
    return found;
  };

  /* Nothing has to be read by scrolling sideways (1.4.10), and nothing is cut off (1.4.4, 1.4.12). */
  const fits = () => {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) {
      found.push(`the page is ${document.documentElement.scrollWidth} wide on ${innerWidth}`);
    }
    for (const [node, parent] of texts()) {
      if (forEars(parent) || parent.closest('.skip-link')) { continue; }
      const held = parent.closest('.pick label, .button, .exit, .quiet, select, .code');
      const bounds = held ? box(held) : { left: 0, right: innerWidth, top: -Infinity, bottom: Infinity };
      const outside = rectangles(node).some(r =>
        r.width > 0 && (r.left < bounds.left - SLACK || r.right > bounds.right + SLACK ||
          r.top < bounds.top - SLACK || r.bottom > bounds.bottom + SLACK));
      if (outside) { found.push(say(held || parent, 'words stand outside')); }
    }
    for (const element of every('body *')) {
      const { overflowX, overflowY } = getComputedStyle(element);
      const cut = overflowX !== 'visible' && element.scrollWidth > element.clientWidth + SLACK ||
        overflowY !== 'visible' && element.scrollHeight > element.clientHeight + SLACK;
      if (cut && shown(element) && !forEars(element) && !element.matches('select, textarea, input, option')) {
        found.push(say(element, 'words are cut'));
      }
    }
    return found;
  };

  /* Every word that there is to read, to be compared with the same page in another size. */
  const words = () => [...texts()]
    .filter(([, parent]) => !parent.closest('[aria-hidden=true]'))
    .map(([node]) => node.data.trim()).join('\n');

  /* The places where Tab stops, in its order; of radio buttons of one name, the chosen or first. */
  const stops = () => {
    const all = controls().filter(element => element.tabIndex >= 0);
    const group = radio => all.filter(other => other.type === 'radio' && other.name === radio.name);
    return all.filter(element => element.type !== 'radio' ||
      element === (group(element).find(radio => radio.checked) || group(element)[0]));
  };
  /* Tab goes on from one place to the next as the eye does: down, and along a line; but for what
     floats above the page. */
  const order = () => {
    scrollTo(0, 0);
    const rtl = getComputedStyle(document.documentElement).direction === 'rtl';
    const found = [];
    let before = null;
    for (const element of stops().filter(stop => !inBar(stop) && !stop.closest('[data-notice]'))) {
      const b = box(pressed(element));
      const sameLine = before && b.top < before.bottom - SLACK && b.bottom > before.top + SLACK;
      const back = before && (sameLine
        ? (rtl ? b.right > before.right + SLACK : b.left < before.left - SLACK)
        : b.bottom < before.top);
      if (back) { found.push(say(element, 'Tab goes back to')); }
      before = b;
    }
    return found;
  };

  const isClear = element => {
    const bar = box(document.querySelector('.exit-bar'));
    const b = box(element);
    const beside = b.right <= box(document.querySelector('.exit')).left || bar.height === 0;
    const above = inBar(element) || beside ? 0 : bar.bottom;
    const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
    const room = innerHeight - parseFloat(scrollPaddingTop) - parseFloat(scrollPaddingBottom);
    // Of what is higher than the room, and of a box that shows where one writes, a part is enough.
    if (b.height > room || element.matches('textarea')) {
      return b.bottom > above && b.top < innerHeight;
    }
    return b.top >= above - SLACK && b.bottom <= innerHeight + SLACK;
  };
  const isOutlined = element => {
    const style = getComputedStyle(pressed(element));
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= THINNEST_OUTLINE;
  };
  const focusFaults = element => [
    ...(isOutlined(element) ? [] : [say(element, 'has no outline')]),
    ...(isClear(element) ? [] : [say(element, 'is covered')]),
  ];
  /* There and back again: what has the focus is outlined, and nothing lies over it. To be called
     after one real press of Tab, so that the browser shows where the focus is. */
  const focus = () => {
    const found = new Set();
    const all = stops();
    for (const element of [...all, ...all.reverse()]) {
      element.focus();
      if (document.activeElement !== element) { found.add(say(element, 'takes no focus')); }
      focusFaults(element).forEach(fault => found.add(fault));
    }
    return [...found];
  };
  /* The same for real presses of Tab: looked at when the next key goes down, since the browser
     scrolls only after it has said where the focus is. */
  const passed = { order: [], faults: new Set() };
  const note = event => {
    if (event.key !== 'Tab') { return; }
    const element = document.activeElement;
    if (element === document.body) { return; }
    passed.order.push(element);
    focusFaults(element).forEach(fault => passed.faults.add(fault));
  };
  const watchTab = () => {
    passed.order = [];
    passed.faults = new Set();
    addEventListener('keydown', note, true);
    return stops().length;
  };
  /* The faults on the way, with every place that Tab did not reach or reached out of turn. */
  const tabbed = () => {
    removeEventListener('keydown', note, true);
    note({ key: 'Tab' });
    const way = passed.order;
    const all = stops();
    const inTurn = all.every((stop, place) => way[place] === stop);
    const backInTurn = [...all].reverse().every((stop, place) => way[all.length - 1 + place] === stop);
    return [
      ...passed.faults,
      ...(inTurn ? [] : [`Tab goes ${way.slice(0, all.length).map(brief)}`]),
      ...(backInTurn ? [] : [`Shift+Tab goes ${way.slice(all.length - 1).map(brief)}`]),
    ];
  };

  /* In forced colours only lines tell what can be pressed, and what is chosen. */
  const lines = () => {
    const bordered = style => ['Top', 'Right', 'Bottom', 'Left'].every(side =>
      style[`border${side}Style`] !== 'none' && parseFloat(style[`border${side}Width`]) >= 1);
    const found = [];
    for (const element of controls()) {
      const style = getComputedStyle(pressed(element));
      const told = bordered(style) || style.textDecorationLine.includes('underline');
      if (!told && !element.matches('.skip-link')) { found.push(say(element, 'has no line')); }
      const box = element.matches('.pick input') && element;
      if (box && (getComputedStyle(box).appearance === 'none' || !shown(box))) {
        found.push(say(box, 'has no mark of its own'));
      }
    }
    return found;
  };

  const still = () => {
    const moving = document.getAnimations().map(animation => `moves: ${brief(animation.effect.target)}`);
    for (const element of every('*')) {
      const { transitionDuration, animationName } = getComputedStyle(element);
      if (animationName !== 'none' || transitionDuration.split(',').some(time => parseFloat(time) > 0)) {
        moving.push(say(element, 'moves'));
      }
    }
    return moving.concat(
      every('marquee, blink, meta[http-equiv=refresh], [autoplay]').map(element => say(element, 'runs')));
  };

  /* Words of another script than the page's say which language they are in (3.1.2). Names have
     none; nor has a name inside a sentence. */
  const SCRIPTS = { ar: 'Arabic', ne: 'Devanagari', bn: 'Bengali' };
  const languages = () => {
    const found = [];
    const letters = name => new RegExp(`\\p{Script=${name}}`, 'u');
    const all = ['Latin', ...Object.values(SCRIPTS)];
    for (const [node, parent] of texts()) {
      const said = parent.closest('[lang]').lang.split('-')[0];
      const own = SCRIPTS[said] || 'Latin';
      const has = name => letters(name).test(node.data);
      const other = has(own) ? null : all.find(has);
      if (other && !parent.closest('[translate=no], bdi:not([lang])')) {
        found.push(say(parent, `${other} where the language is ${said}`));
      }
    }
    return found;
  };

  /* The way to support has its place in the foot of every page, before the languages (R59). */
  const support = () => {
    if (location.pathname === '/support') { return []; }
    const ways = every('footer a[href^="/support"], footer button[value=support]');
    if (ways.length !== 1) { return [`${ways.length} ways to support in the foot of the page`]; }
    const languages = document.querySelector('footer .languages');
    const before = Node.DOCUMENT_POSITION_PRECEDING;
    const isLast = languages && ways[0].compareDocumentPosition(languages) & before;
    return isLast ? ['the way to support comes after the languages'] : [];
  };

  /* What has one name does one thing, wherever it stands on the page (3.2.4). */
  const names = () => {
    const does = new Map();
    const found = [];
    for (const element of every('main button, main a[href]').filter(shown)) {
      const name = element.textContent.trim().replace(/\s+/g, ' ');
      const act = element.href || `${element.getAttribute('formaction')} ${element.value}`;
      if (does.has(name) && does.get(name) !== act) { found.push(say(element, 'does another thing')); }
      does.set(name, act);
    }
    return found;
  };

  /* Everything begins on the side where the script begins (R79). */
  const sides = () => {
    const page = document.documentElement;
    const rtl = page.dir === 'rtl';
    const found = [];
    const middle = b => (b.left + b.right) / 2;
    for (const input of every('.pick input').filter(shown)) {
      const label = box(labelOf(input));
      const off = middle(box(input)) - middle(label);
      if (Math.abs(off) > SLACK && off > 0 !== rtl) { found.push(say(input, 'on the wrong side')); }
    }
    for (const element of every('h1, p, label, legend').filter(shown)) {
      const own = element.closest('[dir]').dir;
      const { direction, textAlign } = getComputedStyle(element);
      if (own !== 'auto' && direction !== own || ['left', 'right'].includes(textAlign)) {
        found.push(say(element, 'written the wrong way'));
      }
    }
    return found;
  };

  return {
    targets, sentences, overlaps, exit, fits, words, order, focus, watchTab, tabbed, lines, still,
    languages, support, sides, names,
  };
})();
