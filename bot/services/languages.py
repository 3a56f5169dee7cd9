"""Languages as people write them: by name or by code."""

from difflib import get_close_matches

from bot.errors import UserError
from bot.services.foreign import short

NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "bs": "Bosnian",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "kk": "Kazakh",
    "kn": "Kannada",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "ml": "Malayalam",
    "mn": "Mongolian",
    "mr": "Marathi",
    "ms": "Malay",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "uz": "Uzbek",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""English names of languages, by their ISO 639-1 code."""

_CODES = {name.casefold(): code for code, name in NAMES.items()} | {
    "mandarin": "zh",
    "cantonese": "zh",
    "farsi": "fa",
    "castilian": "es",
    "flemish": "nl",
}


def language_named(text: str) -> str:
    """The code of the language of this name or code.

    Raises
    ------
    UserError
        If there is none; the line names the closest ones.
    """
    wanted = " ".join(text.casefold().split())
    code = _CODES.get(wanted, wanted)
    if code in NAMES:
        return code
    close = dict.fromkeys(NAMES[_CODES[name]] for name in get_close_matches(wanted, _CODES, n=3, cutoff=0.6))
    advice = (
        f"did you mean {' or '.join(close)}?"
        if close
        else "use a name such as Japanese, or a code such as ja"
    )
    raise UserError(f"“{short(text)}” is not a language I know: {advice}")


def language_name(code: str) -> str:
    """Its English name, or the code itself where it is not among `NAMES`."""
    return NAMES.get(code, code)
