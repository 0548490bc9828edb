"""What the script adds to pages, in a real Chromium."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

from .conftest import SmallSite

pytestmark = pytest.mark.browser

SECRET = "nobody else should see"
WHOLE_PAGE = "return document.documentElement.outerHTML"


def open_page(browser: WebDriver, site: SmallSite, path: str = "/page/1") -> None:
    browser.get(site.address + path)
    wait_for(browser, f"return location.href.endsWith('{path}') && document.readyState")
    WebDriverWait(browser, 10).until(
        lambda driver: driver.execute_script("return document.readyState") == "complete"
    )


def wait_for(browser: WebDriver, script: str) -> None:
    WebDriverWait(browser, 10).until(lambda driver: driver.execute_script(script))


def wait_until_gone(browser: WebDriver) -> None:
    wait_for(browser, "return location.pathname === '/neutral'")


def still_here(browser: WebDriver) -> bool:
    time.sleep(0.3)
    return SECRET in browser.execute_script(WHOLE_PAGE)


def press(browser: WebDriver, *keys: str) -> None:
    for key in keys:
        ActionChains(browser).key_down(key).key_up(key).perform()


class TestExit:
    @pytest.mark.requirement("R44")
    def test_the_page_is_blank_and_empty_before_anything_is_asked_of_the_network(
        self, chromium: WebDriver, site: SmallSite
    ) -> None:
        open_page(chromium, site)
        words, title, shown, icons = chromium.execute_script(
            """document.querySelector('.exit').click();
            return [document.body.innerHTML, document.title,
                    getComputedStyle(document.body).display,
                    document.querySelectorAll('link[rel~=icon]').length]"""
        )
        assert (words, title.strip("\u200e"), shown, icons) == ("", "", "none", 0)
        wait_until_gone(chromium)

    @pytest.mark.requirement("R55")
    def test_nothing_comes_back_when_the_way_out_is_blocked(
        self, chromium: WebDriver, site: SmallSite
    ) -> None:
        open_page(chromium, site)
        site.exit_blocked = True
        chromium.execute_script("document.querySelector('.exit').click()")
        time.sleep(4.5)
        assert site.count("GET /leave") == 1
        shown = chromium.execute_script("return document.body.innerHTML")
        assert shown == f"<h1>{chromium.title}</h1>", "today's date, and nothing else (R55)"
        assert str(dt.date.today().year) in shown

    @pytest.mark.parametrize("selector", [".exit", ".skip-link[data-exit]", ".exit .hidden"])
    @pytest.mark.requirement("R45")
    def test_back_leads_to_the_page_before(
        self, chromium: WebDriver, site: SmallSite, selector: str
    ) -> None:
        open_page(chromium, site, "/neutral")
        open_page(chromium, site, "/page/1")
        entries = chromium.execute_script("return history.length")
        chromium.execute_script(f"document.querySelector('{selector}').click()")
        wait_until_gone(chromium)
        assert chromium.execute_script("return history.length") == entries
        asked = site.count("GET /page/1")
        chromium.back()
        time.sleep(0.5)
        assert chromium.execute_script("return location.pathname") == "/neutral"
        assert site.count("GET /page/1") == asked

    @pytest.mark.parametrize(
        "kind",
        [
            "new MouseEvent('click', {D, ctrlKey: true})",
            "new MouseEvent('auxclick', {D, button: 1})",
        ],
    )
    @pytest.mark.requirement("R53")
    def test_never_a_second_tab(self, chromium: WebDriver, site: SmallSite, kind: str) -> None:
        open_page(chromium, site)
        event = kind.replace("D", "bubbles: true, cancelable: true")
        chromium.execute_script(f"document.querySelector('.exit').dispatchEvent({event})")
        wait_until_gone(chromium)
        assert len(chromium.window_handles) == 1

    @pytest.mark.requirement("R49")
    def test_the_exit_comes_first_in_the_order_of_the_keyboard(
        self, chromium: WebDriver, site: SmallSite
    ) -> None:
        open_page(chromium, site)
        press(chromium, Keys.TAB, Keys.ENTER)
        wait_until_gone(chromium)


class TestShift:
    @pytest.mark.requirement("R47")
    def test_three_presses_leave(self, chromium: WebDriver, site: SmallSite) -> None:
        open_page(chromium, site)
        press(chromium, Keys.SHIFT, Keys.SHIFT)
        said = chromium.find_element(By.CSS_SELECTOR, "[aria-live=polite]")
        assert said.get_attribute("textContent") == "Press Shift once more to exit this page."
        press(chromium, Keys.SHIFT)
        wait_until_gone(chromium)

    @pytest.mark.requirement("R47")
    def test_three_presses_leave_from_a_box_too(self, chromium: WebDriver, site: SmallSite) -> None:
        open_page(chromium, site)
        chromium.find_element(By.NAME, "words").click()
        press(chromium, Keys.SHIFT, Keys.SHIFT, Keys.SHIFT)
        wait_until_gone(chromium)

    @pytest.mark.requirement("R47")
    def test_writing_capitals_does_not_leave(self, chromium: WebDriver, site: SmallSite) -> None:
        open_page(chromium, site)
        box = chromium.find_element(By.NAME, "words")
        box.click()
        for letter in "abcd":
            ActionChains(chromium).key_down(Keys.SHIFT).send_keys(letter).key_up(
                Keys.SHIFT
            ).perform()
        assert still_here(chromium)
        assert box.get_property("value") == "ABCD"

    def test_another_key_or_a_click_in_between_begins_anew(
        self, chromium: WebDriver, site: SmallSite
    ) -> None:
        open_page(chromium, site)
        press(chromium, Keys.SHIFT, Keys.SHIFT, "x", Keys.SHIFT)
        said = chromium.find_element(By.CSS_SELECTOR, "[aria-live=polite]")
        assert said.get_attribute("textContent") == ""
        press(chromium, Keys.SHIFT)
        chromium.find_element(By.TAG_NAME, "h1").click()
        press(chromium, Keys.SHIFT, Keys.SHIFT)
        assert still_here(chromium)

    def test_a_key_held_down_is_one_press(self, chromium: WebDriver, site: SmallSite) -> None:
        open_page(chromium, site)
        chromium.execute_script(
            """function key(type, repeat) { document.body.dispatchEvent(new KeyboardEvent(
                 type, {key: 'Shift', repeat: repeat, bubbles: true})); }
               key('keydown', false);
               for (var i = 0; i < 9; i++) { key('keydown', true); }
               key('keyup', false); key('keyup', false); key('keyup', false);"""
        )
        assert still_here(chromium)

    def test_slow_presses_do_not_leave(self, chromium: WebDriver, site: SmallSite) -> None:
        open_page(chromium, site)
        chromium.execute_script("var t = 0; Date.now = function () { t += 2600; return t; }")
        press(chromium, Keys.SHIFT, Keys.SHIFT, Keys.SHIFT, Keys.SHIFT)
        assert still_here(chromium)

    @pytest.mark.requirement("R48")
    def test_it_can_be_switched_off(self, chromium: WebDriver, site: SmallSite) -> None:
        open_page(chromium, site, "/page/1?no-shortcut")
        press(chromium, Keys.SHIFT, Keys.SHIFT, Keys.SHIFT, Keys.SHIFT)
        assert still_here(chromium)


class TestKeptCopies:
    @pytest.mark.requirement("R46")
    def test_a_page_hides_when_it_is_put_away_and_shows_when_it_stays(
        self, chromium: WebDriver, site: SmallSite
    ) -> None:
        open_page(chromium, site)
        display = "getComputedStyle(document.body).display"
        hidden, shown = chromium.execute_script(
            f"""window.dispatchEvent(new PageTransitionEvent('pagehide'));
            var hidden = {display};
            window.dispatchEvent(new PageTransitionEvent('pageshow', {{persisted: false}}));
            return [hidden, {display}]"""
        )
        assert (hidden, shown) == ("none", "block")

    @pytest.mark.requirement("R46")
    def test_a_copy_the_browser_kept_is_asked_for_afresh(
        self, chromium: WebDriver, site: SmallSite
    ) -> None:
        open_page(chromium, site, "/page/3#words")
        assert site.count("GET /page/3") == 1
        chromium.execute_script(
            """window.dispatchEvent(new PageTransitionEvent('pagehide'));
            window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));"""
        )
        WebDriverWait(chromium, 10).until(lambda _: site.count("GET /page/3") == 2)
        wait_for(chromium, "return getComputedStyle(document.body).display === 'block'")


class TestSending:
    @pytest.mark.requirement("R35")
    def test_a_double_click_is_sent_once(self, chromium: WebDriver, site: SmallSite) -> None:
        open_page(chromium, site)
        button = chromium.find_element(By.CSS_SELECTOR, "button[value=continue]")
        ActionChains(chromium).double_click(button).perform()
        wait_for(chromium, "return location.pathname === '/page/2'")
        assert site.count("POST /page/1") == 1

    def test_another_button_goes_through_while_the_first_is_on_its_way(
        self, chromium: WebDriver, site: SmallSite
    ) -> None:
        open_page(chromium, site)
        chromium.execute_script(
            """document.querySelector('button[value=continue]').click();
            var skip = document.querySelector('button[value=skip]');
            setTimeout(function () { skip.click(); }, 200)"""
        )
        wait_for(chromium, "return location.pathname === '/page/2'")
        assert site.count("POST /page/1") == 2

    def test_after_back_the_same_button_works_again(
        self, chromium: WebDriver, site: SmallSite
    ) -> None:
        open_page(chromium, site)
        press_continue = "document.querySelector('button[value=continue]').click()"
        chromium.execute_script(press_continue)
        wait_for(chromium, "return location.pathname === '/page/2'")
        chromium.back()
        wait_for(chromium, "return location.pathname === '/page/1' && document.querySelector('h1')")
        chromium.execute_script(press_continue)
        wait_for(chromium, "return location.pathname === '/page/2'")
        assert site.count("POST /page/1") == 2


def test_a_box_says_when_room_gets_tight(chromium: WebDriver, site: SmallSite) -> None:
    open_page(chromium, site)
    line = chromium.find_element(By.CSS_SELECTOR, "[data-length]")
    box = chromium.find_element(By.NAME, "words")
    assert line.text == "There is room for 10 characters."
    box.send_keys("12345678")
    assert line.text == "Characters left: 2"
    box.send_keys("9012")
    assert line.text == "Characters to take out: 2"
    box.send_keys(Keys.BACKSPACE * 5)
    assert line.text == "There is room for 10 characters."


@pytest.mark.requirement("R87", "R88")
def test_nothing_is_kept_and_the_policy_holds(chromium: WebDriver, site: SmallSite) -> None:
    open_page(chromium, site)
    chromium.find_element(By.NAME, "words").send_keys("words")
    kept = chromium.execute_script(
        "return [localStorage.length, sessionStorage.length, document.cookie]"
    )
    assert kept == [0, 0, ""]
    complaints = [
        entry["message"]
        for entry in chromium.get_log("browser")  # type: ignore[attr-defined]
        if "Policy" in entry["message"]
    ]
    assert complaints == []
