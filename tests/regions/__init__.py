"""Region folders built from public extracts that lie beside the checkout; none is committed."""
