"""All faults that are planted, in the order of an event's way."""

from __future__ import annotations

from tests.plant.fault import Fault
from tests.plant.faults_at_the_border import AT_THE_BORDER
from tests.plant.faults_before_the_day import BEFORE_THE_DAY
from tests.plant.faults_by_phone import BY_PHONE
from tests.plant.faults_of_calling import OF_CALLING
from tests.plant.faults_of_choosing import OF_CHOOSING
from tests.plant.faults_of_compromised import OF_COMPROMISED
from tests.plant.faults_of_delays import OF_DELAYS
from tests.plant.faults_of_findings import OF_FINDINGS
from tests.plant.faults_of_keeping import OF_KEEPING
from tests.plant.faults_of_letters import OF_LETTERS
from tests.plant.faults_of_occasions import OF_OCCASIONS
from tests.plant.faults_of_officers import OF_OFFICERS
from tests.plant.faults_of_operations import OF_OPERATIONS
from tests.plant.faults_of_planning import OF_PLANNING
from tests.plant.faults_of_reporting import OF_REPORTING
from tests.plant.faults_of_risk import OF_RISK
from tests.plant.faults_of_signing_in import OF_SIGNING_IN
from tests.plant.faults_of_steering import OF_STEERING
from tests.plant.faults_of_telling import OF_TELLING
from tests.plant.faults_of_the_chassis import OF_THE_CHASSIS
from tests.plant.faults_of_the_day import OF_THE_DAY
from tests.plant.faults_of_the_desk import OF_THE_DESK
from tests.plant.faults_of_the_engine import OF_THE_ENGINE
from tests.plant.faults_of_the_planner import OF_THE_COMMAND, OF_THE_PLANNER
from tests.plant.faults_of_weights import OF_WEIGHTS
from tests.plant.faults_of_what_if import OF_WHAT_IF
from tests.plant.faults_under_simulation import UNDER_SIMULATION

FAULTS: tuple[Fault, ...] = (
    *AT_THE_BORDER,
    *OF_FINDINGS,
    *OF_THE_CHASSIS,
    *OF_PLANNING,
    *OF_STEERING,
    *OF_COMPROMISED,
    *OF_DELAYS,
    *OF_WEIGHTS,
    *OF_RISK,
    *OF_OFFICERS,
    *OF_WHAT_IF,
    *OF_CHOOSING,
    *OF_THE_PLANNER,
    *OF_THE_ENGINE,
    *OF_THE_COMMAND,
    *OF_OPERATIONS,
    *BEFORE_THE_DAY,
    *OF_THE_DAY,
    *BY_PHONE,
    *OF_OCCASIONS,
    *UNDER_SIMULATION,
    *OF_KEEPING,
    *OF_REPORTING,
    *OF_SIGNING_IN,
    *OF_THE_DESK,
    *OF_CALLING,
    *OF_TELLING,
    *OF_LETTERS,
)
