"""HTTP of cloud flows: values become requests and bodies, answers become values."""
