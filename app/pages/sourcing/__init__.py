"""Where orders come from: what nobody can send, the rules, and why an order comes from where."""
