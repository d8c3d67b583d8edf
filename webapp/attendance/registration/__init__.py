"""What hosts ask of those who attend: ticket types and questions, and the answers."""
