"""The Kubernetes API of a cluster of EKS: ``eks:call`` and ``eks:runJob``."""
