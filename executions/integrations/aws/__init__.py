"""Services of AWS, called through botocore's models: what a Resource names is what is called."""
