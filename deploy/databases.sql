-- One database per service, and one for the desk; run once, when the server's folder is empty.
CREATE DATABASE exchange;
CREATE DATABASE planning;
CREATE DATABASE inspection;
CREATE DATABASE reporting;
CREATE DATABASE desk;
