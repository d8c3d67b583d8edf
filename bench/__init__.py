"""What the application can bear, measured: `make bench`. Nothing here is part of the product."""
