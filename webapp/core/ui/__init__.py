"""What templates use: globals, navigation, charts and artwork."""
