"""What is a face and what does it show: detector, crop, network, classifier, checkpoint, smoothing."""
