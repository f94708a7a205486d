"""Pure decisions of planning: frozen values in, values out."""
