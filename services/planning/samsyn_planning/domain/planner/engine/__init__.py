"""The engine: columns priced by compiled code, a linear master (GLOP), integers (SCIP), neighbourhoods, bounds."""
