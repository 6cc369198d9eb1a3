"""How the bundled model is made: `python -m training.make_model TEXT_FOLDER OUT`."""
