import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ServiceStatus } from './components/ServiceStatus';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ServiceStatus />
  </StrictMode>,
);
