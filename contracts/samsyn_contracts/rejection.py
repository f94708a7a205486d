"""Why an event is refused: a code, a JSON pointer, a sentence in two languages, and whether it may succeed later."""

from __future__ import annotations

from typing import Literal

from samsyn_contracts.platform import RejectionReason

RejectionCode = Literal[
    "not_json",
    "too_large",
    "too_deep",
    "null_not_allowed",
    "header_not_utf8",
    "header_missing",
    "header_invalid",
    "unknown_type",
    "invalid_field",
    "missing_field",
    "foreign_source",
    "wrong_environment",
    "not_allowed",
    "role_missing",
    "role_unknown",
    "not_owner",
    "unknown_centre",
    "not_member",
    "id_reused",
    "unknown_id",
    "not_started",
    "too_early",
    "already_past",
    "superseded",
    "not_participant",
    "already_decided",
    "overlapping_capacity",
    "too_many_open",
    "not_proposed",
    "cannot_stand",
]

# code -> (Swedish, English, whether the same event may succeed later)
TEXTS: dict[RejectionCode, tuple[str, str, bool]] = {
    "not_json": (
        "Innehållet är inte giltig JSON i UTF-8. Skicka ett JSON-objekt enligt schemat.",
        "The body is not valid JSON in UTF-8. Send one JSON object as the schema says.",
        False,
    ),
    "too_large": (
        "Händelsen är större än 256 KiB. Lägg stora innehåll i innehållslagret och skicka en referens.",
        "The event is larger than 256 KiB. Put large contents in the contents store and send a reference.",
        False,
    ),
    "too_deep": (
        "Innehållet är nästlat djupare än 32 nivåer. Följ schemat.",
        "The body is nested deeper than 32 levels. Follow the schema.",
        False,
    ),
    "null_not_allowed": (
        "Fältet är null. Utelämna fält som saknar värde.",
        "The field is null. Leave out fields that have no value.",
        False,
    ),
    "header_not_utf8": (
        "Ett huvud är inte UTF-8. Skicka alla ce_-huvuden som UTF-8.",
        "A header is not UTF-8. Send every ce_ header as UTF-8.",
        False,
    ),
    "header_missing": (
        "Ett obligatoriskt huvud saknas. Lägg till det.",
        "A mandatory header is missing. Add it.",
        False,
    ),
    "header_invalid": (
        "Ett huvud har fel form. Rätta det enligt kuvertets beskrivning.",
        "A header has the wrong form. Mend it as the envelope's description says.",
        False,
    ),
    "unknown_type": (
        "Händelsetypen finns inte i denna version. Se listan över meddelanden.",
        "The event type is not in this version. See the list of messages.",
        False,
    ),
    "invalid_field": (
        "Fältets värde följer inte schemat. Rätta det.",
        "The field's value does not follow the schema. Mend it.",
        False,
    ),
    "missing_field": ("Ett obligatoriskt fält saknas. Lägg till det.", "A mandatory field is missing. Add it.", False),
    "foreign_source": (
        "Avsändaren (ce_source) är inte den part som äger ämnet. Ange den egna partens kod.",
        "The source (ce_source) is not the party that owns the topic. Give your own party's code.",
        False,
    ),
    "wrong_environment": (
        "Händelsen hör till en annan miljö (prod eller test). Skicka den till rätt miljö.",
        "The event belongs to another environment (prod or test). Send it to the right one.",
        False,
    ),
    "not_allowed": (
        "Parten får inte säga den här sortens händelse. Begär rätten hos Samsyns förvaltning.",
        "The party may not say this kind of event. Ask the operator of Samsyn for the right.",
        False,
    ),
    "role_missing": (
        "Parten har flera roller: ange i vilken (ce_actorrole).",
        "The party has several roles: say in which (ce_actorrole).",
        False,
    ),
    "role_unknown": (
        "Rollen (ce_actorrole) är inte registrerad för parten. Ange en registrerad roll.",
        "The role (ce_actorrole) is not registered for the party. Give a registered role.",
        False,
    ),
    "not_owner": (
        "Saken som händelsen gäller tillhör en annan part. Tala bara om egna saker.",
        "The thing spoken of belongs to another party. Speak of your own things only.",
        False,
    ),
    "unknown_centre": (
        "Centret (ce_centre) finns inte i registret. Ange ett registrerat center.",
        "The centre (ce_centre) is not in the register. Give a registered centre.",
        False,
    ),
    "not_member": (
        "Parten är inte medlem i centret den här dagen. Kontrollera medlemskapet.",
        "The party is no member of the centre that day. Check the membership.",
        False,
    ),
    "id_reused": (
        "Händelsens id har redan använts för ett annat innehåll. Ge varje händelse ett eget id.",
        "The event's id was already used for another body. Give each event an id of its own.",
        False,
    ),
    "unknown_id": (
        "Saken som händelsen gäller är okänd här. Säg den först, och skicka sedan händelsen igen.",
        "The thing spoken of is unknown here. Say it first, then send the event again.",
        True,
    ),
    "not_started": (
        "Insatsen är inte startad. Säg OperationStarted först och skicka sedan händelsen igen.",
        "The operation has not started. Say OperationStarted first, then send the event again.",
        True,
    ),
    "too_early": (
        "Insatsen börjar långt senare. Kontrollera insatsens id, eller säg det när den börjar.",
        "The operation begins much later. Check its id, or say it when it begins.",
        False,
    ),
    "already_past": (
        "Det händelsen gäller har redan passerat. Inget ändras.",
        "What the event speaks of is already past. Nothing changes.",
        False,
    ),
    "superseded": (
        "En senare uppgift om samma sak är redan mottagen. Inget ändras.",
        "A later fact about the same thing has already been received. Nothing changes.",
        False,
    ),
    "not_participant": (
        "Parten är inte tillfrågad om eller deltagare i insatsen. Kontrollera insatsens id.",
        "The party is neither invited to nor a participant of the operation. Check its id.",
        False,
    ),
    "already_decided": (
        "Frågan är redan avgjord. Inget ändras.",
        "The question has already been decided. Nothing changes.",
        False,
    ),
    "overlapping_capacity": (
        "Lagets tid överlappar en tid som redan är erbjuden. Dra tillbaka den först.",
        "The team's time overlaps a time already offered. Withdraw that one first.",
        True,
    ),
    "too_many_open": (
        "Så många frågor väntar redan på svar. Vänta på ett av dem och skicka sedan händelsen igen.",
        "As many questions already wait for an answer. Wait for one of them, then send the event again.",
        True,
    ),
    "not_proposed": (
        "Förslaget har inget sådant alternativ. Godkänn förslaget som det är, eller ett alternativ som det har.",
        "The proposal has no such alternative. Approve it as it is, or an alternative that it has.",
        False,
    ),
    "cannot_stand": (
        "Insatsen kan inte stå som den är: den ändras inte av förslaget, eller det den behöver är borta. "
        "Godkänn utan den ändringen, välj ett alternativ eller avslå; förslaget väntar.",
        "The operation cannot stand as it is: the proposal does not change it, or what it needs is gone. "
        "Approve without that edit, choose an alternative or reject; the proposal waits.",
        False,
    ),
}


def rejection(code: RejectionCode, pointer: str = "") -> RejectionReason:
    """The reason for `code` at a JSON pointer (RFC 6901; headers as `/headers/<name>`)."""
    swedish, english, _ = TEXTS[code]
    return RejectionReason(pointer=pointer[:300], code=code, text_sv=swedish, text_en=english)


def is_replayable(reasons: tuple[RejectionReason, ...]) -> bool:
    """Whether the same event may succeed later: only if every reason is known and of that kind."""
    return all(reason.code in TEXTS and TEXTS[reason.code][2] for reason in reasons)


class RefusedError(ValueError):
    """An event cannot be taken, with every reason found."""

    def __init__(self, *reasons: RejectionReason) -> None:
        super().__init__("; ".join(f"{reason.pointer or '/'}: {reason.code}" for reason in reasons))
        self.reasons = reasons
