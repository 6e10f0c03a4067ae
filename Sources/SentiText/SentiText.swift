// Text to tokens to ids.
