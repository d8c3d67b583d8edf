"""What templates draw with: globals, navigation, charts and artwork."""
