"""The page on which people change their own password; with one that someone else set, it is all they see."""

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.callers.look_up import look_up, must_choose_password
from api.callers.paths import PASSWORD, SIGN_IN, START, local_path
from api.entrance.html_forms import STALE_FORM, comes_from_our_form, form_page, text_of
from progress.people.guesses import TooManyGuesses
from progress.people.own_password import SamePassword, WrongOwnPassword, change_own_password
from progress.people.passwords import MINIMUM_PASSWORD_LENGTH, REFUSED_PASSWORDS
from progress.people.sign_in import SESSION_COOKIE, signed_in_user, user_with_set_password

# As many as are checked at once. More would only wait, in threads that other requests need.
PLACES_TO_CHECK = CapacityLimiter(4)

_DIFFERENT = "The two new passwords differ. Type the new one twice."


async def show_password(request: Request) -> Response:
    if await _owner(request) is None:
        return RedirectResponse(SIGN_IN, 303)
    return await _form(request, _wanted(request), is_changed="changed" in request.query_params)


async def take_password(request: Request) -> Response:
    user_id = await _owner(request)
    async with request.form() as form:
        wanted = local_path(text_of(form, "next") or START)
        old, new, again = (text_of(form, name) for name in ("old", "new", "again"))
        if user_id is None:
            return RedirectResponse(SIGN_IN, 303)
        if not comes_from_our_form(request, form):
            return await _form(request, wanted, error=STALE_FORM, status=403)
    if new != again:
        return await _form(request, wanted, error=_DIFFERENT, status=422)
    return await _change(request, user_id, old, new, wanted)


async def _change(request: Request, user_id: int, old: str, new: str, wanted: str) -> Response:
    was_set = await must_choose_password(request)
    token = request.cookies[SESSION_COOKIE]
    try:
        await to_thread.run_sync(lambda: change_own_password(user_id, old, new, token=token), limiter=PLACES_TO_CHECK)
    except TooManyGuesses as refused:
        seconds = refused.retry_after_seconds
        response = await _form(request, wanted, error=str(refused), wait=seconds, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response
    except (WrongOwnPassword, SamePassword, *REFUSED_PASSWORDS) as refused:
        return await _form(request, wanted, error=str(refused), status=422)
    return RedirectResponse(wanted if was_set else f"{PASSWORD}?changed", 303)


async def _owner(request: Request) -> int | None:
    """Who changes their password: also someone whose session opens nothing else."""
    token = request.cookies.get(SESSION_COOKIE)
    if token is None:
        return None
    return await look_up(signed_in_user, token) or await look_up(user_with_set_password, token)


async def _form(
    request: Request, wanted: str, *, error: str = "", is_changed: bool = False, wait: int = 0, status: int = 200
) -> Response:
    is_set = await must_choose_password(request)
    shown = {
        "error": error,
        "wait": wait,
        "next": wanted,
        "is_set": is_set,
        "is_changed": is_changed,
        "minimum": MINIMUM_PASSWORD_LENGTH,
    }
    return await run_in_threadpool(form_page, request, "password.html", shown, status)


def _wanted(request: Request) -> str:
    return local_path(request.query_params.get("next", START))
