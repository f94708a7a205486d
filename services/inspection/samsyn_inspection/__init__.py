"""The operation from the day it is scheduled to the day it is past; findings and follow-up come here."""
