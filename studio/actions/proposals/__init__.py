"""Proposals: made, pushed, talked about, reviewed, published. The only place that writes them."""
