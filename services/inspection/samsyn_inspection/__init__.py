"""The operation from the day it is scheduled to the day it is over: started, handed in, found, completed."""
