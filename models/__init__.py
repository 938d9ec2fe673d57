"""Scripts that train what ships in this folder."""
