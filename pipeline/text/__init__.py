"""What stages share about text: charsets, mojibake, Unicode, words and URLs. Pure functions, no stage is known here."""
