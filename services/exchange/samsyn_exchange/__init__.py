"""The border of Samsyn: admits what parties say, discloses to each what it may know, and keeps the clock."""
