"""The main job of Samsyn on real disturbances: a world, its agencies, what happens to them, and a judge."""
