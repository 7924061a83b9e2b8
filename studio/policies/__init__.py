"""What an execution role allows: IAM's JSON policies, read and evaluated, and what Tasks need."""
