"""What the channel's pages ask and how typed text is taken in. The desk's forms stand with the desk."""
